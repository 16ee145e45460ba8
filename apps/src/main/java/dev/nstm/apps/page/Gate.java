package dev.nstm.apps.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Lets in whoever knows the random token of the printed address, and keeps out pages of other origins: the name of the
 * host must be this machine's or a number (a name that others give to this machine is DNS rebinding), and what changes
 * anything must come from the page itself.
 */
final class Gate {
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");
    private static final String TOKEN = "token=";

    private final String token;
    private final String cookie;
    /** Lets in once: other users of the machine see with what a browser is started. */
    private final AtomicReference<String> ticket = new AtomicReference<>(random());

    private Gate(String token, String cookie) {
        this.token = token;
        this.cookie = cookie;
    }

    /** @param port that tells the cookies of several servers apart, which browsers do not */
    static Gate withRandomToken(int port) {
        return new Gate(random(), "nstm-" + port);
    }

    private static String random() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    String token() {
        return token;
    }

    /** What lets in once in place of the token. */
    String ticket() {
        return ticket.get();
    }

    /** What is answered in place of what was asked for; empty where that may be answered. */
    Optional<Answer> refusal(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String host = headers.getFirst("Host");
        if (host == null || !mine(host))
            return Optional.of(Answer.text(
                    403, "this server is asked by another name than its own; open the address that nstm printed"));
        String origin = headers.getFirst("Origin");
        boolean reads = exchange.getRequestMethod().equals("GET");
        if (origin == null ? !reads : !origin.equals("http://" + host)) return Optional.of(foreign());
        String query = exchange.getRequestURI().getRawQuery();
        if (query != null && query.startsWith(TOKEN) && reads) {
            String given = query.substring(TOKEN.length());
            if (!same(given, token) && !used(given)) return Optional.of(unknown());
            return Optional.of(Answer.movedTo("/")
                    .with("Set-Cookie", cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict"));
        }
        // Where a browser tells, another page is no more than a link to this one.
        String from = headers.getFirst("Sec-Fetch-Site");
        if (from != null && !from.equals("same-origin") && !from.equals("none")) return Optional.of(foreign());
        boolean known = headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(all -> Arrays.stream(all.split(";")))
                .map(String::strip)
                .anyMatch(each -> each.startsWith(cookie + "=") && same(each.substring(cookie.length() + 1), token));
        return known ? Optional.empty() : Optional.of(unknown());
    }

    private static Answer foreign() {
        return Answer.text(403, "this was asked by another page than nstm's own");
    }

    private static Answer unknown() {
        return Answer.text(
                401, "open the address that nstm printed: it holds the token without which nothing is shown");
    }

    /** Whether the ticket was given, which is worth nothing from then on. */
    private boolean used(String given) {
        String open = ticket.get();
        return open != null && same(given, open) && ticket.compareAndSet(open, null);
    }

    /** Takes as long for what is nearly right as for anything else. */
    private static boolean same(String given, String right) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a host is named by its number or as this machine; the port may be that of a tunnel. */
    private static boolean mine(String host) {
        String name = host.replaceFirst(":\\d+$", "");
        return name.equalsIgnoreCase("localhost") || NUMBERS.matcher(name).matches();
    }
}
