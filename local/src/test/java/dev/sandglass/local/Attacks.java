package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What attackers send, drawn by chance: the n-th attack of a seed is the same each time, but for the names of those it is made on. */
final class Attacks {
    /** How it has to end. No answer of 5xx, and none with a word that is not the attacker's to read, goes for all. */
    enum Expect {
        /** One answer of 4xx, and the connection's end: what comes behind it is not looked at. */
        REFUSED,
        /** One answer of 4xx. */
        DENIED,
        /** One answer of 401. */
        UNKNOWN,
        /** One answer of 200 with the attacker's own task, as without the attack. */
        OWN,
        /** One answer. */
        ANSWERED,
        /** One answer, or none. */
        LEFT
    }

    /**
     * @param who sends it, as {@link Victim} calls them
     * @param request bytes, as ISO 8859-1
     */
    record Attack(String kind, String what, String who, int port, String request, Expect expect) {}

    /** A call of the contract. */
    private record Operation(String method, String path, JsonNode described) {
        String id() {
            return described.path("operationId").asText();
        }
    }

    static final List<String> KINDS = List.of("framing", "headers", "bodies", "tokens", "ids", "isolation", "feed");

    private static final int PUBLIC = URI.create(Stack.PAGE).getPort();
    private static final String BEHIND = "GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static final List<String> BAD_HEADERS = List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\ncontent-length: 6",
            "Content-Length: 5, 5",
            "Content-Length: +5",
            "Content-Length: -5",
            "Content-Length: 0x5",
            "Content-Length: 5 5",
            "Content-Length: 99999999999999999999",
            "Content-Length:",
            "Content-Length : 5",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: \013chunked",
            "Transfer-Encoding:\r\n chunked",
            "X: a\r\n b",
            "X: a\r\n\tContent-Length: 5",
            "X: a\000b",
            "X: a\rb",
            "X\000: a",
            "X y: a",
            "X\u00e9: a",
            ": a",
            "Host: y",
            "Sec-WebSocket-Key1: x",
            "X: " + "a".repeat(100_000),
            "X: a\r\n".repeat(5_000).strip());

    private static final List<String> BAD_LINES = List.of(
            "GET /nope HTTP/1.2",
            "GET /nope HTTP/2.0",
            "GET /nope HTTP/0.9",
            "GET /nope http/1.1",
            "GET /nope",
            "PRI * HTTP/2.0",
            "GET nope HTTP/1.1",
            "GET * HTTP/1.1",
            "GET /a#b HTTP/1.1",
            "GET ftp://x/nope HTTP/1.1",
            "GET /\u00e9 HTTP/1.1",
            "GET /\000 HTTP/1.1",
            "CONNECT /nope HTTP/1.1",
            "GET /" + "a".repeat(100_000) + " HTTP/1.1",
            "\026\003\001\002\000\001\000\001\374\003\003");

    private static final List<String> BAD_CHUNKS = List.of(
            "x\r\n",
            "-1\r\n",
            "+2\r\n{}\r\n0\r\n\r\n",
            "0x2\r\n{}\r\n0\r\n\r\n",
            " 2\r\n{}\r\n0\r\n\r\n",
            "2;\000\r\n{}\r\n0\r\n\r\n",
            "2 x\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}x0\r\n\r\n",
            "2\r\n{}\r\n\r\n0\r\n\r\n",
            "2\r\n{}0\r\n\r\n",
            "2\n{}\n0\n\n",
            "FFFFFFFFFFFFFFFF\r\n",
            "80000000\r\n",
            ";\r\n",
            "2;" + "a".repeat(5_000) + "\r\n{}\r\n0\r\n\r\n");

    private static final List<String> TARGETS = List.of(
            "http://x/api/me",
            "http://evil.example:1/api/../api/me",
            "//api//me",
            "//evil.example/api/me",
            "/api/./me",
            "/api/%2e%2e/q/health",
            "/api/..%2fq/health",
            "/..;/q/health",
            "/api/me;x=1",
            "/api/%6de",
            "/api/me%00",
            "/api/me%",
            "/api/me%zz",
            "/api/me?%",
            "/api/me?a=%ff&a=%fe",
            "/%c0%ae%c0%ae/etc/passwd",
            "/q/metrics",
            "/internal/heads",
            "/v1.0/secrets/local/token-key",
            "/dapr/config",
            "/events/task-events",
            "/job/x",
            "/hooks/in/x",
            "/\\..\\x",
            "/api/me?" + "a=1&".repeat(2_000));

    /** Names that mean something to Camel, Dapr, Vert.x, proxies, or that routes and beans have for themselves. */
    private static final List<String> NAMES = List.of(
                    "id user list task request query limit service method topic key cursor operation body reservation answer"
                            .split(" "),
                    ("CamelHttpPath CamelHttpMethod CamelHttpUri CamelHttpQuery CamelHttpRawQuery CamelHttpUrl CamelHttpResponseCode"
                                    + " CamelCharsetName CamelBeanMethodName CamelFileName CamelHttpCharacterEncoding CamelHttpBaseUri"
                                    + " CamelVertxPlatformHttpAuthenticatedUser CamelRedelivered CamelFailureRouteId CamelToEndpoint"
                                    + " CamelRestHttpRestrictMethod camelhttppath CAMELHTTPMETHOD org.apache.camel.x")
                            .split(" "),
                    ("dapr-api-token dapr-app-id dapr-app-token dapr-callee-app-id dapr-caller-app-id dapr-topic metadata.key"
                                    + " ce-id ce-type ce-subject cloudEvent.id grpc-timeout traceparent tracestate baggage grpc-trace-bin")
                            .split(" "),
                    ("X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Prefix Forwarded X-Original-URL X-Rewrite-URL"
                                    + " X-HTTP-Method-Override X-Method-Override X-User X-Real-IP Via Cookie Referer X-Sandglass-User"
                                    + " sandglass.operation roles sub Range If-Range Accept-Charset Accept-Language")
                            .split(" "))
            .stream()
            .flatMap(java.util.Arrays::stream)
            .toList();

    private static final List<String> HURTS = List.of(
            "a||b",
            "",
            "..",
            "%2f",
            "'\"",
            "${body}",
            "{{env:HOME}}",
            "null",
            "[]",
            "{\"user\":\"x\"}",
            "bean:dapr",
            "\u00e9\u00ff",
            "\u00f0\u009f\u0098\u0080",
            "a".repeat(500),
            "-1",
            "00-00000000000000000000000000000000-0000000000000000-00",
            "99999999999999999999");

    private static final List<String> TYPES = List.of(
            "application/json",
            "application/merge-patch+json",
            "application/json; charset=utf-8",
            "application/json; charset=\"UTF-8\"",
            "application/json; charset=x",
            "application/json; charset=utf-7",
            "application/json; charset=utf-16",
            "application/json; charset=windows-1252",
            "application/json; charset=",
            "application/json;charset=utf-8;charset=utf-16",
            "application/json, text/plain",
            "application/json\r\nContent-Type: text/plain",
            "application/json-patch+json",
            "application/x-java-serialized-object",
            "application/xml",
            "multipart/form-data; boundary=",
            "text/plain",
            "*/*",
            "x",
            "/",
            ";",
            "");

    private static final List<String> BODIES = List.of(
            "",
            " ",
            "{",
            "nul",
            "null",
            "5",
            "\"x\"",
            "[]",
            "{}",
            "{\"title\":\"a\",\"title\":\"b\"}",
            "{\"title\":\"\\ud800\"}",
            "{\"title\":\"\\udc00\\ud800\"}",
            "{\"\\ud800\":1}",
            "{\"title\":\"\\u0000\"}",
            "{\"title\":\"a\000\"}",
            "{\"title\":NaN}",
            "{\"title\":Infinity}",
            "{\"title\":1e999999999}",
            "{\"title\":" + "9".repeat(50_000) + "}",
            "{\"version\":-0.0e-99999}",
            "{title:\"a\"}",
            "{'title':'a'}",
            "{\"title\":\"a\",}",
            "/* x */{\"title\":\"a\"}",
            "{\"title\":\"a\"}{\"title\":\"b\"}",
            "{\"title\":\"\u00ff\u00fe\"}",
            "{\"title\":\"\u00c0\u00ae\"}",
            "{\"title\":\"\u00ed\u00a0\u0080\"}",
            "\u00ef\u00bb\u00bf{\"nope\":1}",
            "\u00ff\u00fe{\000}\000",
            "\000\000\000{\000\000\000}",
            "{\"__proto__\":{\"x\":1},\"constructor\":1}",
            "{\"@class\":\"java.lang.Runtime\",\"title\":\"a\"}",
            "{\"nope/~\\\"\":1}",
            "{\"due\":\"+999999999-12-31\"}",
            "{\"due\":\"2027-01-01\",\"recurrence\":\"FREQ=DAILY;INTERVAL=99999999999\"}",
            "{\"recurrence\":\"FREQ=YEARLY;BYDAY=" + "MO,".repeat(300) + "MO\"}",
            "{\"reminders\":[\"PT99999999999999H\"]}",
            "{\"timeZone\":\"../../etc/passwd\"}",
            "{\"tags\":" + "[".repeat(900) + "]".repeat(900) + "}",
            "[".repeat(200_000),
            "{\"a\":".repeat(20_000),
            "{\"description\":\"" + "a".repeat(900_000) + "\",\"nope\":1}",
            "a".repeat(1_100_000),
            "{\"message\":\"" + "e\u00cc\u0081".repeat(3_000) + "\"}",
            "{\"message\":\"every ".repeat(1_000) + "\"}");

    private static final List<String> INJECTED = List.of(
            "||",
            "||1",
            "..",
            "/..",
            "%2f..",
            "%2F",
            "%00",
            "%7C%7C",
            "'",
            "\"",
            "%27%20or%201%3D1",
            "%252e",
            "~",
            "%E2%80%AE",
            "%ff",
            ".0",
            ".99999999999999999999",
            ";x=1",
            "%0d%0aX:%20y",
            "*",
            "%25",
            "a".repeat(200));

    private final long seed;
    private final Victim victim;
    private final List<Operation> operations = new ArrayList<>();
    private final JsonNode contract;
    private final String own;
    private final byte[] key;
    private final int feed;

    Attacks(long seed, Victim victim) throws Exception {
        this.seed = seed;
        this.victim = victim;
        own = victim.others.get("stranger").api().token();
        key = Tokens.key();
        feed = URI.create(ticket("stranger")).getPort();
        contract = Api.JSON.readTree(
                Path.of("../routes-task/src/main/resources/openapi.json").toFile());
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    if (call.getKey().matches("get|post|put|patch|delete")) {
                        operations.add(
                                new Operation(call.getKey().toUpperCase(Locale.ROOT), path.getKey(), call.getValue()));
                    }
                }));
    }

    Attack attack(long n) throws Exception {
        Random chance = new Random(seed * 1_000_003 + n);
        return switch (KINDS.get((int) (n % KINDS.size()))) {
            case "framing" -> framing(chance);
            case "headers" -> headers(chance);
            case "bodies" -> bodies(chance);
            case "tokens" -> tokens(chance);
            case "ids" -> ids(chance);
            case "isolation" -> isolation(chance);
            default -> feed(chance);
        };
    }

    private static <T> T one(Random chance, List<T> of) {
        return of.get(chance.nextInt(of.size()));
    }

    private static String request(String method, String target, String token, String headers, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
                + headers + "\r\n" + body;
    }

    private String token(String who) {
        return who.equals(Victim.NOBODY) ? "" : victim.others.get(who).api().token();
    }

    // ---------------------------------------------------------------- 1: framing

    private Attack framing(Random chance) {
        String authorized = "Host: x\r\nAuthorization: Bearer " + own + "\r\n";
        String patch = "PATCH /api/tasks/" + victim.strangersTask + " HTTP/1.1\r\n" + authorized;
        return switch (chance.nextInt(7)) {
            case 0, 1 -> {
                String bad = one(chance, BAD_HEADERS);
                boolean first = chance.nextBoolean();
                String head = first ? bad + "\r\n" + authorized : authorized + bad + "\r\n";
                yield framed(
                        bad,
                        "PATCH /api/tasks/" + victim.strangersTask + " HTTP/1.1\r\n" + head + "\r\n0\r\n\r\n" + BEHIND,
                        Expect.REFUSED);
            }
            case 2 -> {
                String line = one(chance, BAD_LINES);
                yield framed(line, line + "\r\n" + authorized + "\r\n" + BEHIND, Expect.REFUSED);
            }
            case 3 -> {
                String chunks = one(chance, BAD_CHUNKS);
                yield framed(
                        chunks,
                        patch + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
                                + BEHIND,
                        Expect.REFUSED);
            }
            case 4 -> {
                String target = one(chance, TARGETS);
                String method = one(chance, List.of("GET", "POST", "TRACE", "BREW", "OPTIONS", "get", "M-SEARCH"));
                yield framed(method + " " + target, request(method, target, own, "", ""), Expect.ANSWERED);
            }
            case 5 -> {
                String upgrade = one(
                        chance,
                        List.of(
                                "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
                                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
                                "Upgrade: TLS/1.0\r\n",
                                "Expect: x\r\n",
                                "TE: trailers\r\nTrailer: Authorization\r\n"));
                String target = chance.nextBoolean() ? "/api/me" : "/live";
                yield framed(
                        upgrade + target,
                        "GET " + target + " HTTP/1.1\r\n" + authorized + "Connection: upgrade, close\r\n" + upgrade
                                + "\r\n",
                        Expect.ANSWERED);
            }
            default -> {
                // Ends anywhere, or has any byte anywhere.
                StringBuilder some =
                        new StringBuilder(patch + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
                boolean half = chance.nextBoolean();
                int at = chance.nextInt(some.length());
                if (half) {
                    some.setLength(at);
                } else {
                    some.setCharAt(at, (char) chance.nextInt(256));
                }
                yield framed(half ? "half" : "a byte", some.toString(), Expect.LEFT);
            }
        };
    }

    private static Attack framed(String what, String request, Expect expect) {
        return new Attack("framing", what, "stranger", PUBLIC, request, expect);
    }

    // ---------------------------------------------------------------- 2: headers

    private Attack headers(Random chance) {
        List<String> hurts = new ArrayList<>(HURTS);
        hurts.addAll(List.of(victim.victim.name(), victim.secret, victim.secretTasks.get(0)));
        StringBuilder headers = new StringBuilder();
        for (int i = 1 + chance.nextInt(8); i > 0; i--) {
            headers.append(one(chance, NAMES))
                    .append(": ")
                    .append(one(chance, hurts))
                    .append("\r\n");
        }
        String path = "/api/tasks/" + victim.strangersTask;
        String request = chance.nextInt(4) == 0
                ? request("PATCH", path, own, headers + "Content-Type: application/json\r\n", "{}")
                : request("GET", path, own, headers.toString(), "");
        return new Attack("headers", headers.toString(), "stranger", PUBLIC, request, Expect.OWN);
    }

    // ---------------------------------------------------------------- 3: bodies

    private Attack bodies(Random chance) {
        String body = one(chance, BODIES);
        if (chance.nextInt(3) == 0) {
            // What fits, with a byte that may not.
            StringBuilder some = new StringBuilder(
                    "{\"title\":\"a\",\"tags\":[\"b\"],\"due\":\"2037-01-01\",\"reminders\":[\"-PT1H\"]}");
            some.setCharAt(chance.nextInt(some.length()), (char) chance.nextInt(256));
            body = some.toString();
        }
        String call = one(
                chance,
                List.of(
                        "PATCH /api/tasks/" + victim.strangersTask,
                        "PATCH /api/lists/" + victim.strangersList,
                        "PUT /api/lists/" + victim.strangersList + "/members/x",
                        "PATCH /api/me",
                        "POST /api/tasks",
                        "POST /api/lists",
                        "POST /api/chat",
                        "POST /api/dev/token",
                        "POST /api/tasks/" + victim.strangersTask + "/reopen"));
        String type = chance.nextBoolean() ? "application/json" : one(chance, TYPES);
        String[] parts = call.split(" ");
        return new Attack(
                "bodies",
                call + " " + type + " " + body,
                "stranger",
                PUBLIC,
                request(parts[0], parts[1], own, "Content-Type: " + type + "\r\n", body),
                Expect.ANSWERED);
    }

    // ---------------------------------------------------------------- 4: tokens

    private Attack tokens(Random chance) throws Exception {
        String path =
                one(chance, List.of("/api/tasks?limit=500", "/api/lists", "/api/lists/" + victim.secret, "/api/audit"));
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>(
                Map.of("iss", "sandglass-local", "sub", victim.victim.name(), "iat", now, "exp", now + 3_600));
        String header = "{\"alg\":\"HS256\"}";
        switch (chance.nextInt(6)) {
            case 0 -> {
                // Signed well, and says the wrong thing.
                claims.putAll(one(
                        chance,
                        List.of(
                                Map.of("exp", now - 3_600),
                                Map.of("exp", "never"),
                                Map.of("exp", List.of(now + 60)),
                                Map.of("nbf", now + 3_600),
                                Map.of("nbf", "later"),
                                Map.of("iss", "another"),
                                Map.of("iss", List.of("another")),
                                Map.of("sub", 5),
                                Map.of("sub", List.of(victim.victim.name())),
                                Map.of("sub", Map.of("user", victim.victim.name())),
                                Map.of("sub", ""),
                                Map.of("sub", "a".repeat(10_000).substring(0, 3_000)),
                                Map.of("sub", "a\nb"),
                                Map.of("sub", "\ud800"))));
                return token(
                        "claims " + claims,
                        Tokens.signed(header, json(claims), "HmacSHA256", key),
                        path,
                        Expect.UNKNOWN);
            }
            case 1 -> {
                // The stranger's own, with roles of every type; none is a role.
                claims.put("sub", victim.others.get("stranger").name());
                claims.put(
                        "roles",
                        one(
                                chance,
                                List.of(
                                        List.of(List.of("operator")),
                                        Map.of("operator", true),
                                        5,
                                        "Operator",
                                        "operator ",
                                        List.of("OPERATOR", 1, true),
                                        "")));
                return token(
                        "roles " + claims,
                        Tokens.signed(header, json(claims), "HmacSHA256", key),
                        "/api/ops/dead-letters",
                        Expect.DENIED);
            }
            case 2 -> {
                String alg = one(chance, List.of("none", "None", "NONE", "HS512", "RS256", "ES256", "", "HS256 "));
                header = "{\"alg\":\"" + alg + "\"}";
                String signed =
                        Tokens.signed(header, json(claims), alg.equals("HS512") ? "HmacSHA512" : "HmacSHA256", key);
                return token(
                        "alg " + alg,
                        chance.nextBoolean() ? signed : signed.substring(0, signed.lastIndexOf('.') + 1),
                        path,
                        Expect.UNKNOWN);
            }
            case 3 -> {
                header = one(
                        chance,
                        List.of(
                                "{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}",
                                "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}",
                                "{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:1/\"}",
                                "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                                "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
                                "{\"alg\":[\"HS256\"]}",
                                "{\"alg\":null}",
                                "{}",
                                "[]",
                                "x"));
                return token(
                        "header " + header,
                        Tokens.signed(header, json(claims), "HmacSHA256", new byte[32]),
                        path,
                        Expect.UNKNOWN);
            }
            case 4 -> {
                String ticket = URI.create(ticket("stranger")).getQuery().replace("ticket=", "");
                String[] parts = own.split("\\.");
                String wrong = one(
                        chance,
                        List.of(
                                ticket,
                                own + "x",
                                own.toUpperCase(Locale.ROOT),
                                "." + own,
                                parts[0] + "." + Tokens.part(json(claims)) + "." + parts[2],
                                parts[0] + "..." + parts[2],
                                "a.b.c.d.e",
                                "x".repeat(6_000),
                                "\u00e9",
                                "%00",
                                "null"));
                return token("token " + wrong, wrong, path, Expect.UNKNOWN);
            }
            default -> {
                // At the feed: a token is no ticket, and a ticket is one for once.
                String url = ticket("stranger");
                String ticket = URI.create(url).getQuery().replace("ticket=", "");
                boolean use = chance.nextInt(4) == 0;
                if (use && !ticket.isEmpty()) {
                    LiveSocket.connect(url).close();
                }
                String wrong = use && !ticket.isEmpty()
                        ? ticket
                        : one(
                                chance,
                                List.of(
                                        own,
                                        ticket + "x",
                                        "",
                                        Tokens.signed(
                                                header,
                                                json(Map.of(
                                                        "sub",
                                                        victim.victim.name(),
                                                        "aud",
                                                        "live",
                                                        "jti",
                                                        "x",
                                                        "exp",
                                                        now + 60)),
                                                "HmacSHA256",
                                                key),
                                        "a||b",
                                        "%00"));
                return new Attack("tokens", "ticket " + wrong, "stranger", feed, upgrade(wrong, ""), Expect.UNKNOWN);
            }
        }
    }

    private static Attack token(String what, String token, String path, Expect expect) {
        return new Attack("tokens", what, "stranger", PUBLIC, request("GET", path, token, "", ""), expect);
    }

    private static String json(Object value) throws Exception {
        return Api.JSON.writeValueAsString(value);
    }

    // ---------------------------------------------------------------- 5: ids and cursors

    private Attack ids(Random chance) throws Exception {
        String who = one(chance, List.of("stranger", "former", "operator"));
        String task = one(chance, victim.secretTasks);
        if (chance.nextInt(3) == 0) {
            String from = one(chance, List.of("/api/tasks", "/api/audit"));
            String cursor = victim.cursors.get(from);
            int at = chance.nextInt(cursor.length());
            cursor = switch (chance.nextInt(4)) {
                case 0 -> cursor;
                case 1 -> cursor.substring(0, at);
                case 2 -> cursor.substring(0, at) + "A" + cursor.substring(at);
                default -> cursor + one(chance, INJECTED);
            };
            String path = one(chance, List.of("/api/tasks", "/api/audit")) + "?limit=500&cursor=" + cursor;
            return new Attack("ids", path, who, PUBLIC, request("GET", path, token(who), "", ""), Expect.DENIED);
        }
        String injected = one(chance, INJECTED);
        String id = chance.nextBoolean() ? one(chance, List.of(task, victim.secret)) + injected : injected + task;
        String call = one(
                chance,
                List.of(
                        "GET /api/tasks/" + id,
                        "GET /api/tasks/" + id + "/history",
                        "DELETE /api/tasks/" + id,
                        "POST /api/tasks/" + id + "/complete",
                        "GET /api/lists/" + id,
                        "GET /api/lists/" + id + "/changes?after=0",
                        "DELETE /api/lists/" + id,
                        "GET /api/audit?list=" + id,
                        "GET /api/audit/verify?list=" + id,
                        "PATCH /api/tasks/" + victim.strangersTask + " {\"list\":\"" + victim.secret + "\"}",
                        "PATCH /api/tasks/" + victim.strangersTask + " {\"list\":\"" + victim.secret + "||1\"}",
                        "POST /api/tasks {\"title\":\"x\",\"list\":\"" + victim.secret + "\"}",
                        "POST /api/chat {\"message\":\"1\",\"conversation\":\"" + victim.conversation + "\"}",
                        "POST /api/chat {\"message\":\"1\",\"conversation\":\"" + victim.conversation + "||x\"}"));
        String[] parts = call.split(" ", 3);
        return new Attack(
                "ids",
                call,
                who,
                PUBLIC,
                request(
                        parts[0],
                        parts[1],
                        token(who),
                        "Content-Type: application/json\r\n",
                        parts.length > 2 ? parts[2] : ""),
                Expect.DENIED);
    }

    // ---------------------------------------------------------------- 6: isolation

    private Attack isolation(Random chance) throws Exception {
        Operation operation = one(chance, operations);
        String who = one(chance, List.of(Victim.NOBODY, "stranger", "former", "viewer", "editor", "operator"));
        boolean reads = operation.method.equals("GET");
        boolean within = operation.path.contains("{");
        boolean owners = operation.path.matches("/api/lists/\\{id}(/members/\\{user})?");
        // An editor may change the tasks of the shared list, and only what is the owner's is tried there.
        boolean onShared = chance.nextBoolean() && (!who.equals("editor") || reads || owners);
        boolean member = onShared && Set.of("viewer", "editor").contains(who);
        String request = call(operation, chance, who, onShared, true);
        boolean open = operation.described.path("security").isArray();
        Expect expect = who.equals(Victim.NOBODY) && !open
                ? Expect.UNKNOWN
                : within && !(member && reads) ? Expect.DENIED : Expect.ANSWERED;
        return new Attack(
                "isolation",
                operation.id() + " " + request.lines().findFirst().orElse(""),
                who,
                PUBLIC,
                request,
                expect);
    }

    private String call(Operation operation, Random chance, String who, boolean onShared, boolean withKey)
            throws Exception {
        String list = onShared ? victim.shared : victim.secret;
        String task = one(chance, onShared ? victim.sharedTasks : victim.secretTasks);
        String self = who.equals(Victim.NOBODY) ? "x" : victim.others.get(who).name();
        // Whoever is a member may leave.
        String user = operation.method.equals("DELETE")
                ? victim.victim.name()
                : one(chance, List.of(self, victim.victim.name()));
        String id = operation.path.startsWith("/api/lists")
                ? list
                : operation.path.startsWith("/api/tasks")
                        ? task
                        : one(chance, List.of(task, list, victim.reminder, victim.conversation));
        String path = operation.path.replace("{id}", id).replace("{user}", user).replaceAll("\\{\\w+}", id);
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : operation.described.path("parameters")) {
            String value = switch (parameter.path("name").asText()) {
                case "list" -> list;
                case "task" -> task;
                case "actor" -> victim.victim.name();
                case "q", "filter" -> one(chance, List.of(Victim.KNOWN, "canary"));
                case "after" -> "0";
                default -> "";
            };
            if (!value.isEmpty() && chance.nextInt(3) > 0) {
                query.add(parameter.path("name").asText() + "=" + value);
            }
        }
        JsonNode content = operation.described.at("/requestBody/content");
        Map.Entry<String, JsonNode> type =
                content.isEmpty() ? null : content.properties().iterator().next();
        JsonNode body = type == null ? null : body(type.getValue().path("schema"));
        if (body instanceof ObjectNode fields) {
            JsonNode known = resolved(type.getValue().path("schema")).path("properties");
            if (known.has("list")) {
                fields.put("list", list);
            }
            if (known.has("conversation") && chance.nextBoolean()) {
                fields.put("conversation", victim.conversation);
            }
            if (known.has("message") && !who.equals("editor")) {
                fields.put("message", one(chance, List.of("done with ", "find ", "delete ")) + Victim.KNOWN);
            }
            if (known.has("user")) {
                fields.put("user", self);
            }
        }
        String headers = (type == null ? "" : "Content-Type: " + type.getKey() + "\r\n")
                + (withKey && chance.nextInt(3) == 0 ? "Idempotency-Key: " + victim.idempotencyKey + "\r\n" : "");
        return request(
                operation.method,
                path + (query.isEmpty() ? "" : "?" + String.join("&", query)),
                token(who),
                headers,
                body == null ? "" : new String(body.toString().getBytes(UTF_8), ISO_8859_1));
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty() ? schema : contract.at(reference.substring(1));
    }

    /** Something that fits a schema, as the document itself has it for an example where it does. */
    private JsonNode body(JsonNode given) {
        JsonNode schema = resolved(given);
        for (String name : List.of("examples", "enum")) {
            if (!schema.path(name).isEmpty()) {
                return schema.path(name).get(0).deepCopy();
            }
        }
        if (schema.path("properties").isEmpty()) {
            return Api.JSON.getNodeFactory().textNode("x");
        }
        ObjectNode object = Api.JSON.createObjectNode();
        Set<String> needed = new java.util.HashSet<>();
        schema.path("required").forEach(name -> needed.add(name.asText()));
        schema.path("properties").properties().forEach(field -> {
            if (needed.isEmpty() && object.isEmpty() || needed.contains(field.getKey())) {
                object.set(field.getKey(), body(field.getValue()));
            }
        });
        return object;
    }

    /**
     * Calls every operation as somebody who may, to see that the calls are good ones.
     *
     * @return those that nobody succeeded with, with the answers
     */
    Map<String, String> withoutSuccess() throws Exception {
        Map<String, String> without = new HashMap<>();
        Person owner = victim.others.get("stranger");
        for (Operation operation : operations) {
            String who = operation.path.startsWith("/api/ops") ? "operator" : "stranger";
            String list = owner.list("editor");
            String task = owner.task(list, "mine").path("id").asText();
            String request = call(operation, new Random(1), who, false, false)
                    .replace(victim.secret, list)
                    .replace(victim.victim.name(), "somebody")
                    .replace(",\"conversation\":\"" + victim.conversation + '"', "");
            for (String id : victim.secretTasks) {
                request = request.replace(id, task);
            }
            RawHttp.Said said = RawHttp.say(PUBLIC, request, java.time.Duration.ofSeconds(10));
            int status = said.answers().isEmpty() ? 0 : said.answers().get(0).status();
            if (status / 100 != 2) {
                without.put(operation.id(), status + " " + said.all().lines().reduce("", (a, line) -> line));
            }
        }
        return without;
    }

    int operations() {
        return operations.size();
    }

    // ---------------------------------------------------------------- 7: the feed

    private Attack feed(Random chance) throws Exception {
        String who = one(chance, List.of("stranger", "former", "viewer"));
        String ticket = URI.create(ticket(who)).getQuery().replace("ticket=", "");
        String resume = "{\"type\":\"resume\",\"lists\":{\"" + victim.secret + "\":0,\"" + victim.calmList + "\":0}}";
        String frames = one(
                chance,
                List.of(
                        frame(0x81, resume),
                        frame(0x81, resume) + frame(0x81, resume.replace(":0", ":-1")),
                        frame(0x81, "{\"type\":\"resume\",\"lists\":{\"a||b\":0,\"..\":1}}"),
                        frame(0x81, "{\"type\":\"resume\",\"lists\":{\"" + victim.secret + "\":99999999999999999999}}"),
                        frame(0x81, "{\"type\":\"resume\",\"lists\":[]}"),
                        frame(0x81, "{\"type\":\"subscribe\",\"list\":\"" + victim.secret + "\"}"),
                        frame(0x81, "{"),
                        frame(0x81, "[".repeat(50_000)),
                        frame(0x81, "\u00ff\u00fe"),
                        frame(0x81, "x".repeat(140_000)),
                        frame(0x01, "{\"type\":") + frame(0x82, "x"),
                        frame(0x01, "x".repeat(60_000))
                                + frame(0x00, "x".repeat(60_000))
                                + frame(0x80, "x".repeat(60_000)),
                        frame(0x80, "nothing to go on with"),
                        frame(0x82, "\000\001\002"),
                        frame(0x83, "x"),
                        frame(0x8b, "x"),
                        frame(0xf1, resume),
                        frame(0x89, "x".repeat(126)),
                        frame(0x09, "x"),
                        frame(0x88, "x"),
                        frame(0x88, "\003\351bye"),
                        "\u0081\u00ff" + "\u00ff".repeat(8),
                        "\u0081\u0002{}",
                        "GET /q/health HTTP/1.1\r\nHost: x\r\n\r\n",
                        frame(0x81, "{\"type\":\"ping\"}").repeat(2_000)));
        String headers = chance.nextInt(5) > 0
                ? ""
                : one(
                        chance,
                        List.of(
                                "Origin: https://evil.example\r\n",
                                "Origin: null\r\n",
                                "id: " + "a||b\r\n",
                                "websocket.connectionKey: x\r\n",
                                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99\r\n",
                                "Sec-WebSocket-Protocol: x, y\r\n"));
        return new Attack("feed", headers + frames, who, feed, upgrade(ticket, headers) + frames, Expect.LEFT);
    }

    /** The address a ticket has, with an empty one where there is none to be had for now. */
    private String ticket(String who) throws Exception {
        Api.Answer answer = victim.others.get(who).api().post("/api/live/ticket", null);
        return answer.status() == 429
                ? "ws://localhost:" + feed + "/live?ticket="
                : answer.with(200).path("url").asText();
    }

    private static String upgrade(String ticket, String headers) {
        return "GET /live?ticket=" + ticket
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + headers + "\r\n";
    }

    /** RFC 6455, section 5.2; masked with zeros, which leaves it as it is. */
    private static String frame(int first, String text) {
        int length = text.length();
        StringBuilder head = new StringBuilder().append((char) first);
        if (length < 126) {
            head.append((char) (0x80 | length));
        } else if (length < 65_536) {
            head.append("\u00fe").append((char) (length >> 8)).append((char) (length & 0xff));
        } else {
            head.append("\u00ff\000\000\000\000").append('\000');
            head.append((char) (length >> 16))
                    .append((char) (length >> 8 & 0xff))
                    .append((char) (length & 0xff));
        }
        return head + "\000\000\000\000" + text;
    }
}
