package dev.nstm.apps.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Which process a run is, so that one that has gone without a word can be told from one that goes on. */
public final class RunProcess {
    private RunProcess() {}

    /** Says that it is this one. */
    static void put(ObjectNode status) {
        ProcessHandle own = ProcessHandle.current();
        status.put("machine", machine()).put("process", own.pid()).put("started", started(own));
    }

    /** Whether the process of a status goes on; empty where it is on another machine. */
    public static Optional<Boolean> alive(JsonNode status) {
        if (!status.path("machine").asText().equals(machine())) return Optional.empty();
        // Numbers of processes are given anew.
        return Optional.of(ProcessHandle.of(status.path("process").asLong(-1))
                .map(process -> process.isAlive()
                        && started(process).equals(status.path("started").asText()))
                .orElse(false));
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("");
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }
}
