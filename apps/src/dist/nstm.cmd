@echo off
rem Runs the nstm command of this image; no Java is needed.
setlocal
"%~dp0bin\java.exe" -XX:+UseSerialGC -Xms32m -Xmn16m -XX:MaxHeapFreeRatio=40 -XX:-ShrinkHeapInSteps --add-modules jdk.incubator.vector --enable-native-access=dev.nstm.core,dev.nstm.cuda,dev.nstm.apps,com.github.luben.zstd_jni "-Dnstm.launcher=%~dp0nstm.cmd" --module dev.nstm.apps/dev.nstm.apps.command.Nstm %*
exit /b %errorlevel%
