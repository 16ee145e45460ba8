/** The nstm command, file formats and the report. */
module dev.nstm.apps {
    requires dev.nstm.core;
    requires dev.nstm.viewer;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires com.github.luben.zstd_jni;
    requires info.picocli;
    requires java.desktop;
    requires java.management;
    requires java.xml;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires jdk.management;

    uses dev.nstm.imaging.ImagingSystem;

    opens dev.nstm.apps.command to
            info.picocli;
}
