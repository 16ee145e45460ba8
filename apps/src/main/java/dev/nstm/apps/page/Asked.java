package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** What a browser asks for. */
final class Asked {
    /** Bytes of a text that is sent along. */
    private static final int MOST_TEXT = 1 << 20;

    private static final int MOST_PASSED_OVER = 8 << 20;

    private final HttpExchange exchange;

    Asked(HttpExchange exchange) {
        this.exchange = exchange;
    }

    boolean method(String name) {
        return exchange.getRequestMethod().equals(name);
    }

    /** Path of the address, decoded, without the first slash. */
    String path() {
        return exchange.getRequestURI().getPath().substring(1);
    }

    /** A parameter of the address. */
    Optional<String> parameter(String name) {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) return Optional.empty();
        for (String part : query.split("&"))
            if (part.startsWith(name + "="))
                return Optional.of(URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8));
        return Optional.empty();
    }

    /** @throws InvalidInputException where it is missing */
    String needed(String name) {
        return parameter(name).orElseThrow(() -> new InvalidInputException("the parameter " + name + " is missing"));
    }

    /** An index of a folder; the first where none is named. */
    int root() {
        String text = parameter("root").orElse("0");
        require(text.matches("\\d{1,6}"), "root must be a number, got %s", text);
        return Integer.parseInt(text);
    }

    /** How many bytes are sent along, where that is told. */
    OptionalLong length() {
        String told = exchange.getRequestHeaders().getFirst("Content-Length");
        return told != null && told.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(told)) : OptionalLong.empty();
    }

    InputStream body() {
        return exchange.getRequestBody();
    }

    /** What is sent along as JSON. */
    JsonNode json() throws IOException {
        byte[] bytes = body().readNBytes(MOST_TEXT + 1);
        if (bytes.length > MOST_TEXT) {
            // Whoever still sends does not hear the answer.
            body().readNBytes(MOST_PASSED_OVER);
            throw InvalidInputException.of("at most %d bytes of text are taken", MOST_TEXT);
        }
        try {
            return new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException wrong) {
            throw new InvalidInputException("JSON is expected: " + wrong.getOriginalMessage(), wrong);
        }
    }
}
