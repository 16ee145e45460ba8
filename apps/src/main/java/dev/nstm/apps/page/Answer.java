package dev.nstm.apps.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the server answers.
 *
 * @param status of HTTP
 * @param headers beside those that all answers have
 * @param length of the body in bytes
 * @param body its bytes
 */
record Answer(int status, Map<String, String> headers, long length, Body body) {
    /** Writes a body. */
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    private static final String TYPE = "Content-Type";

    static Answer bytes(int status, String type, byte[] bytes) {
        return new Answer(status, Map.of(TYPE, type), bytes.length, out -> out.write(bytes));
    }

    /** A line for people. */
    static Answer text(int status, String line) {
        return bytes(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(JsonNode node) {
        return bytes(200, "application/json", node.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What was asked cannot be done, in a line. */
    static Answer problem(int status, String line) {
        return bytes(
                status,
                "application/json",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("error", line)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** There is nothing, and that is all right. */
    static Answer nothing() {
        return new Answer(204, Map.of(), 0, out -> {});
    }

    static Answer movedTo(String place) {
        return bytes(303, "text/plain", new byte[0]).with("Location", place);
    }

    static Answer file(Path file, String type) throws IOException {
        return new Answer(200, Map.of(TYPE, type), Files.size(file), out -> Files.copy(file, out));
    }

    /** The same with another header. */
    Answer with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Answer(status, all, length, body);
    }

    void send(HttpExchange exchange) throws IOException {
        Headers sent = exchange.getResponseHeaders();
        headers.forEach(sent::set);
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        if (length == 0) return;
        body.write(exchange.getResponseBody());
        // Closing waits for what is still sent along.
        exchange.getResponseBody().flush();
    }
}
