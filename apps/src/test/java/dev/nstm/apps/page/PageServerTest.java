package dev.nstm.apps.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.page.PageServer.Room;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as strangers, other pages and slow clients meet it: by bytes on a socket. */
class PageServerTest {
    private static final int MOST_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private Path shown;
    private PageServer server;
    private String cookie;

    /** What came back. */
    private record Reply(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    @BeforeEach
    void serve() throws IOException {
        shown = Files.createDirectory(directory.resolve("shown"));
        Files.writeString(shown.resolve("known.csv"), "a,b\n");
        Files.writeString(directory.resolve("secret.txt"), "secret");
        server = open(EnumSet.allOf(Room.class));
        cookie = "nstm-" + server.address().getPort() + "=" + token();
    }

    private PageServer open(Set<Room> rooms) throws IOException {
        return new PageServer(
                new PageServer.Settings(InetAddress.getLoopbackAddress(), 0, rooms, MOST_BYTES, List.of("true")),
                Folders.of(List.of(shown)),
                CommandAccess.systems(),
                CommandAccess.instruments());
    }

    @AfterEach
    void end() {
        server.close();
    }

    private String token() {
        return server.address().getQuery().substring("token=".length());
    }

    private String host() {
        return "127.0.0.1:" + server.address().getPort();
    }

    /** Sends a request as it is. */
    private Reply raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return reply(socket);
        }
    }

    /** Reads as much as the answer says that it has: the server may still wait for the rest of the request. */
    private static Reply reply(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) throw new EOFException("the answer ends after " + head);
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines)
            if (line.contains(": "))
                headers.put(
                        line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                        line.substring(line.indexOf(':') + 2));
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Reply(
                Integer.parseInt(lines[0].split(" ")[1]),
                headers,
                new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    private Reply get(String path, String... headers) throws IOException {
        return raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\nHost: " + host() + "\r\n"
                + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList()) + "\r\n");
    }

    private Reply known(String path) throws IOException {
        return get(path, "Cookie: " + cookie);
    }

    private Reply post(String path, String body, String... headers) throws IOException {
        return raw("POST " + path + " HTTP/1.1\r\nConnection: close\r\nHost: " + host() + "\r\nCookie: " + cookie
                + "\r\nContent-Length: " + body.length() + "\r\n"
                + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList()) + "\r\n" + body);
    }

    private String own() {
        return "Origin: http://" + host();
    }

    @Test
    void onlyWhoeverHasTheTokenIsLetIn() throws IOException {
        for (String path : List.of("/", "/app.js", "/api/state", "/files/0/known.csv")) {
            assertEquals(401, get(path).status(), path);
            assertEquals(
                    401, get(path, "Cookie: " + cookie.replaceFirst(".$", "~")).status(), path);
            assertEquals(200, known(path).status(), path);
        }
        assertEquals(401, get("/?token=wrong").status());
    }

    @Test
    void theTokenBecomesACookieThatScriptsAndOtherPagesCannotUse() throws IOException {
        Reply reply = get("/?token=" + token());
        assertEquals(303, reply.status());
        assertEquals("/", reply.header("Location"));
        String set = reply.header("Set-Cookie");
        assertTrue(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"), set);
        assertTrue(set.startsWith(cookie), set);
    }

    @Test
    void everyServerHasATokenOfItsOwn() throws IOException {
        try (PageServer other = open(EnumSet.allOf(Room.class))) {
            assertFalse(server.address().getQuery().equals(other.address().getQuery()));
            assertTrue(token().length() >= 32, "192 random bits");
        }
    }

    /** A name that somebody else has given to this machine: DNS rebinding. */
    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:1", ""})
    void hostsOfOtherNamesAreRefused(String host) throws IOException {
        Reply reply = raw(
                "GET /api/state HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\nCookie: " + cookie + "\r\n\r\n");
        assertTrue(reply.status() == 403 || reply.status() == 400, reply.toString());
        assertFalse(reply.body().contains("rooms"), reply.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8888", "127.0.0.1:9999", "[::1]:7000", "localhost"})
    void tunnelsWithOtherPortsAreLetIn(String host) throws IOException {
        assertEquals(
                200,
                raw("GET /api/state HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\nCookie: " + cookie
                                + "\r\n\r\n")
                        .status());
    }

    @Test
    void otherPagesCannotAskForAnything() throws IOException {
        for (String origin : List.of("http://evil.example", "null", "https://" + host(), "http://localhost:1")) {
            assertEquals(
                    403,
                    get("/api/state", "Cookie: " + cookie, "Origin: " + origin).status(),
                    origin);
            assertEquals(403, post("/api/ask", "{}", "Origin: " + origin).status(), origin);
        }
        assertEquals(403, post("/api/ask", "{}").status(), "what changes anything says where it comes from");
        assertEquals(400, post("/api/ask", "{}", own()).status());
    }

    @Test
    void answersAllowNoScriptsButTheirOwn() throws IOException {
        String policy = known("/").header("Content-Security-Policy");
        assertTrue(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        Files.writeString(shown.resolve("report.html"), "<script>1</script>");
        String ofReport = known("/files/0/report.html").header("Content-Security-Policy");
        assertTrue(ofReport.startsWith("sandbox allow-scripts") && ofReport.contains("default-src 'none'"), ofReport);
        assertFalse(ofReport.contains("allow-same-origin"), ofReport);
        assertEquals("nosniff", known("/").header("X-Content-Type-Options"));
    }

    @Test
    void nothingOutsideOfTheFolderIsRead() throws IOException {
        Files.createSymbolicLink(shown.resolve("link"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(shown.resolve("up"), directory);
        for (String path : List.of(
                "/files/0/../secret.txt",
                "/files/0/%2e%2e/secret.txt",
                "/files/0/..%2fsecret.txt",
                "/files/0/link",
                "/files/0/up/secret.txt",
                "/files/0//etc/passwd",
                "/files/0/up/none.zarr/0",
                "/files/1/secret.txt",
                "/files/-1/known.csv",
                "/files/0/",
                "/shots/0/../secret.txt/~/.zattrs",
                "/shots/0/link/~/.zattrs",
                "/api/list?path=..",
                "/api/list?path=up",
                "/api/look?path=link",
                "/../secret.txt",
                "/%00")) {
            Reply reply = known(path);
            assertTrue(reply.status() == 400 || reply.status() == 404, path + ": " + reply);
            assertFalse(reply.body().contains("secret\n") || reply.body().equals("secret"), path + ": " + reply);
        }
        assertEquals("a,b\n", known("/files/0/known.csv").body());
    }

    @Test
    void configurationsMayNotNameFilesOutsideOfTheFolder() throws IOException {
        Files.createSymbolicLink(shown.resolve("link.npz"), directory.resolve("secret.txt"));
        for (String file : List.of("../secret.txt", "/etc/passwd", "link.npz", "known.csv, ../secret.txt")) {
            String yaml = new ObjectMapper()
                    .createObjectNode()
                    .put("yaml", "system: dpc\ndata:\n  file: \"" + file + "\"\n")
                    .toString();
            Reply reply = post("/api/check", yaml, own());
            assertTrue(reply.body().contains("outside of the folder"), reply.body());
            assertTrue(post("/api/start", yaml.replace("{", "{\"name\": \"run\","), own())
                    .body()
                    .contains("outside of the folder"));
        }
        assertEquals(
                200,
                post("/api/check", "{\"yaml\": \"data: {file: known.csv}\"}", own())
                        .status());
        assertTrue(post("/api/check", "{\"yaml\": \"dta: {file: known.csv}\"}", own())
                .body()
                .contains("dta"));
    }

    @Test
    void neitherPatternsNorFoldersNorOwnSystemsLeadOutside() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("a.tif"), "x");
        Files.createSymbolicLink(shown.resolve("linked"), outside);
        Path mixed = Files.createDirectory(shown.resolve("mixed"));
        Files.createSymbolicLink(mixed.resolve("b.tif"), outside.resolve("a.tif"));
        Files.createDirectory(shown.resolve("plain"));
        for (String file :
                List.of("linked/*.tif", "linked", "linked/a.tif", "mixed", "mixed/*.tif", "plain/../../outside/a.tif"))
            assertTrue(checked("data:\n  file: '" + file + "'").contains("outside of the folder"), file);
        assertTrue(checked("data:\n  file: plain").contains("true"));
        assertTrue(checked("system: sim\nsim:\n  otf: linked/a.tif").contains("outside of the folder"));
        for (String system : List.of("mine", "@known.csv", "export"))
            assertTrue(checked("system: '" + system + "'").contains("on the command line"), system);
        Path run = Files.createDirectory(shown.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), "system: mine\n");
        assertTrue(post("/api/resume", "{\"name\": \"run\"}", own()).body().contains("on the command line"));
        assertTrue(
                post("/api/ask", "{\"name\": \"run\", \"request\": \"stop\"}", own())
                                .status()
                        == 404,
                "no run that is followed");
    }

    private String checked(String yaml) throws IOException {
        String body = new ObjectMapper().createObjectNode().put("yaml", yaml).toString();
        return post("/api/check", body, own()).body();
    }

    @Test
    void whatABrowserIsStartedWithWorksOnce() throws IOException {
        String invitation = server.invitation().getQuery();
        assertEquals(303, get("/?" + invitation).status());
        assertEquals(401, get("/?" + invitation).status());
        assertEquals(303, get("/?token=" + token()).status(), "the printed address stays");
    }

    @Test
    void whatOtherPagesBringAlongIsRefused() throws IOException {
        for (String site : List.of("cross-site", "same-site"))
            assertEquals(
                    403,
                    get("/files/0/known.csv", "Cookie: " + cookie, "Sec-Fetch-Site: " + site)
                            .status(),
                    site);
        for (String site : List.of("none", "same-origin"))
            assertEquals(
                    200,
                    get("/files/0/known.csv", "Cookie: " + cookie, "Sec-Fetch-Site: " + site)
                            .status(),
                    site);
    }

    @Test
    void aRunThatCannotBeDescribedIsListedAllTheSame() throws IOException {
        for (String yaml : List.of("system: sim\n", "nonsense: [", "data: {file: /}\n"))
            Files.writeString(
                    Files.createDirectories(shown.resolve("run" + yaml.hashCode()))
                            .resolve("config.yaml"),
                    yaml);
        JsonNode all = new ObjectMapper().readTree(known("/api/results").body());
        assertEquals(3, all.size(), all.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../up", "a/b", ".hidden", "", "x y\\n", "-rf"})
    void runsAreCalledAsFoldersMay(String name) throws IOException {
        Reply reply = post("/api/start", "{\"yaml\": \"system: dpc\", \"name\": \"" + name + "\"}", own());
        assertEquals(400, reply.status(), reply.body());
        assertEquals(List.of("known.csv"), files());
    }

    @Test
    void nothingThatIsThereIsReplacedByARun() throws IOException {
        Files.writeString(shown.resolve("mine.yaml"), "system: dpc\n");
        Files.createDirectory(shown.resolve("results"));
        for (String name : List.of("mine", "results")) {
            Reply reply =
                    post("/api/start", "{\"yaml\": \"data: {file: known.csv}\", \"name\": \"" + name + "\"}", own());
            assertTrue(reply.body().contains("already"), reply.body());
        }
        assertEquals("system: dpc\n", Files.readString(shown.resolve("mine.yaml")));
        assertEquals(List.of("known.csv", "mine.yaml", "results"), files());
    }

    private List<String> files() throws IOException {
        try (var all = Files.list(shown)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void filesAreTakenInWholeOrNotAtAll() throws IOException {
        assertEquals(200, put("new.npz", "x".repeat(1000), 1000).status());
        assertEquals(1000, Files.size(shown.resolve("new.npz")));
        assertTrue(put("new.npz", "y", 1).body().contains("already"), "nothing is replaced");
        assertEquals(400, put("large.npz", "", MOST_BYTES + 1L).status(), "told to be too large");
        assertTrue(chunked("larger.npz", MOST_BYTES + 1000).status() == 400, "found to be too large");
        for (String name : List.of("..%2fout", "a%2fb", ".hidden", "a%00b", "a%0ab", "c%3Ad"))
            assertEquals(400, put(name, "x", 1).status(), name);
        assertEquals(List.of("known.csv", "new.npz"), files());
        assertFalse(Files.exists(directory.resolve("out")));
    }

    private Reply put(String name, String body, long length) throws IOException {
        return raw("PUT /api/upload?name=" + name + " HTTP/1.1\r\nConnection: close\r\nHost: " + host() + "\r\nCookie: "
                + cookie + "\r\n" + own() + "\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    /** Without a word on its length. */
    private Reply chunked(String name, int bytes) throws IOException {
        StringBuilder body = new StringBuilder();
        String part = "z".repeat(1 << 16);
        for (int sent = 0; sent < bytes; sent += part.length())
            body.append(Integer.toHexString(part.length()))
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        return raw("PUT /api/upload?name=" + name + " HTTP/1.1\r\nConnection: close\r\nHost: " + host() + "\r\nCookie: "
                + cookie + "\r\n" + own() + "\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n");
    }

    @Test
    void textsHaveABound() throws IOException {
        Reply reply = post("/api/check", "{\"yaml\": \"" + "#".repeat(2 << 20) + "\"}", own());
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("at most"), reply.body());
        assertEquals(400, post("/api/check", "{nonsense", own()).status());
    }

    @Test
    void aThousandIdleConnectionsAndSlowOnesHoldUpNobody() throws IOException {
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket socket = new Socket("127.0.0.1", server.address().getPort());
                all.add(socket);
                // Half of them begin to ask, and do not go on.
                if (i % 2 == 0)
                    socket.getOutputStream()
                            .write("GET /api/state HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.UTF_8));
            }
            long start = System.nanoTime();
            assertEquals(200, known("/api/state").status());
            assertTrue(System.nanoTime() - start < 5_000_000_000L, "answered while they wait");
            // One of the slow ones goes on, and is answered.
            Socket slow = all.getFirst();
            slow.setSoTimeout(10_000);
            slow.getOutputStream()
                    .write((host() + "\r\nConnection: close\r\nCookie: " + cookie + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            assertEquals(200, reply(slow).status());
        } finally {
            for (Socket socket : all) socket.close();
        }
    }

    @Test
    void aRoomThatIsNotOpenDoesNothing() throws IOException {
        try (PageServer viewer = open(EnumSet.of(Room.VIEW))) {
            URI address = viewer.address();
            String host = "127.0.0.1:" + address.getPort();
            String body = "{\"name\": \"known.csv\", \"request\": \"stop\"}";
            for (String what : List.of("start", "ask", "resume", "preview", "estimate"))
                try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
                    socket.getOutputStream()
                            .write(("POST /api/" + what + " HTTP/1.1\r\nConnection: close\r\nHost: " + host
                                            + "\r\nOrigin: http://" + host + "\r\nCookie: nstm-" + address.getPort()
                                            + "=" + address.getQuery().substring("token=".length())
                                            + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.UTF_8));
                    BufferedReader in =
                            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                    assertTrue(in.readLine().contains(" 400 "), what);
                }
            assertEquals(List.of("known.csv"), files());
        }
    }

    /** Raw shots are an OME-Zarr that is made while it is asked for. */
    @Test
    void rawShotsAreShownAsTheyAre() throws IOException {
        int height = 300;
        int width = 600;
        double[] values = new double[2 * height * width];
        for (int i = 0; i < values.length; i++) values[i] = i * 0.5;
        Npz.write(shown.resolve("raw.npz"), Map.of("img", new NpyArray(new int[] {2, height, width}, values)));
        JsonNode array = new ObjectMapper()
                .readTree(known("/shots/0/raw.npz/~/0/.zarray").body());
        assertEquals("[2,1,1,300,600]", array.get("shape").toString());
        assertEquals("[1,1,1,256,256]", array.get("chunks").toString());
        Reply chunk = known("/shots/0/raw.npz/~/0/1/0/0/1/2");
        ByteBuffer bytes = ByteBuffer.wrap(chunk.body().getBytes(StandardCharsets.ISO_8859_1))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(4 * 256 * 256, bytes.remaining());
        float[] corner = {bytes.getFloat(0), bytes.getFloat(4), bytes.getFloat(4 * 256), bytes.getFloat(4 * 88)};
        int first = height * width + 256 * width + 512;
        assertArrayEquals(
                new float[] {first * 0.5f, first * 0.5f + 0.5f, (first + width) * 0.5f, 0},
                corner,
                "and zeros beyond the border");
        Reply half = known("/shots/0/raw.npz/~/1/0/0/0/0/0");
        float mean = ByteBuffer.wrap(half.body().getBytes(StandardCharsets.ISO_8859_1))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getFloat(0);
        assertEquals((0 + 1 + width + width + 1) / 4.0 * 0.5, mean, 1e-3, "the mean of two by two");
        assertEquals(404, known("/shots/0/raw.npz/~/2/.zarray").status(), "no further size");
        assertEquals(404, known("/shots/0/raw.npz/~/0/2/0/0/0/0").status());
        assertEquals(204, known("/shots/0/raw.npz/~/zarr.json").status());
        JsonNode look =
                new ObjectMapper().readTree(known("/api/look?path=raw.npz").body());
        assertEquals(2, look.get("count").asInt());
        assertEquals("dpc", look.get("system").asText());
    }

    @Test
    void everyKeyOfTheDocumentationIsInTheForm() throws IOException {
        JsonNode systems = new ObjectMapper().readTree(known("/api/keys").body());
        List<String> paths = systems.get(0).get("keys").findValuesAsText("path");
        CommandAccess.systems().builtIn().getFirst().keys().stream()
                .filter(key ->
                        !key.section().equals("simulation") && !key.path().equals("system"))
                .forEach(key -> assertTrue(paths.contains(key.path()), key.path()));
    }
}
