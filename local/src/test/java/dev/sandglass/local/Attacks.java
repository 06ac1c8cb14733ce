package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Random attacks, made from {@code hostile.yaml} and the contract: the n-th attack of a seed is the same each time, except for the
 * names of its users.
 */
final class Attacks {
    /** The end that an attack must have. For all attacks, no answer may be 5xx or show a word that the attacker must not read. */
    enum Expect {
        /** One answer of 4xx, and the connection's end: what comes behind it is not looked at. */
        REFUSED,
        /** One answer of 4xx. */
        DENIED,
        /** One answer of 401, or of 400 where it cannot be read. */
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

        boolean open() {
            return described.path("security").isArray()
                    && described.path("security").isEmpty();
        }
    }

    static final List<String> KINDS = List.of("framing", "headers", "bodies", "tokens", "ids", "isolation", "feed");

    private static final int PUBLIC = URI.create(Stack.PAGE).getPort();
    private static final String BEHIND = "GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final String JSON_TYPE = "Content-Type: application/json\r\n";
    private static final String HS256 = "{\"alg\":\"HS256\"}";
    private static final Pattern MANY = Pattern.compile("<(.+?)\\*(\\d+)>", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\\$(\\w+)");

    private final long seed;
    private final Victim victim;
    private final JsonNode words;
    private final JsonNode contract;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final byte[] key = ForgedTokens.key();
    private final int feed;

    Attacks(long seed, Victim victim) throws Exception {
        this.seed = seed;
        this.victim = victim;
        words = new ObjectMapper(new YAMLFactory()).readTree(Attacks.class.getResourceAsStream("/hostile.yaml"));
        contract = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("../routes-task/src/main/resources/openapi.yaml")
                        .toFile());
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    if (call.getKey().matches("get|post|put|patch|delete")) {
                        operations.add(
                                new Operation(call.getKey().toUpperCase(Locale.ROOT), path.getKey(), call.getValue()));
                    }
                }));
        names.putAll(Map.of(
                "victim", victim.victim.name(),
                "list", victim.secret,
                "calmList", victim.calmList,
                "conversation", victim.conversation,
                "ownList", victim.strangersList,
                "ownTask", victim.strangersTask,
                "ownToken", token("stranger")));
        feed = URI.create(ticketUrl("stranger")).getPort();
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

    // ---------------------------------------------------------------- Words

    private static <T> T one(Random chance, List<T> of) {
        return of.get(chance.nextInt(of.size()));
    }

    /** One of the words under a name, as it is meant. */
    private String word(Random chance, String of) {
        JsonNode some = words.path(of);
        return some.isArray()
                ? meant(chance, some.get(chance.nextInt(some.size())).asText())
                : one(chance, List.of(some.asText().split(" ")));
    }

    private String meant(Random chance, String written) {
        String many = MANY.matcher(written)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        return NAME.matcher(many)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "task" -> one(chance, victim.secretTasks);
                            case "past" -> "" + (Instant.now().getEpochSecond() - 3_600);
                            case "future" -> "" + (Instant.now().getEpochSecond() + 3_600);
                            case "id" -> tampered(chance);
                            case "cursor" -> tamperedCursor(chance);
                            default -> names.getOrDefault(found.group(1), found.group());
                        }));
    }

    private String tampered(Random chance) {
        String id = one(chance, List.of(one(chance, victim.secretTasks), victim.secret));
        String injected = word(chance, "injected");
        int at = chance.nextInt(3) * id.length() / 2;
        return id.substring(0, at) + injected + id.substring(at);
    }

    private String tamperedCursor(Random chance) {
        String cursor = one(chance, victim.cursors);
        int at = chance.nextInt(cursor.length());
        return switch (chance.nextInt(4)) {
            case 0 -> cursor;
            case 1 -> cursor.substring(0, at);
            case 2 -> cursor.substring(0, at) + "A" + cursor.substring(at);
            default -> cursor + word(chance, "injected");
        };
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

    /** The address of a fresh ticket; one that is none, where there is none to be had for now. */
    private String ticketUrl(String who) throws Exception {
        Api.Answer answer = victim.others.get(who).api().post("/api/live/ticket", null);
        return answer.status() == 429
                ? "ws://localhost:" + feed + "/live?ticket="
                : answer.with(200).path("url").asText();
    }

    private String ticket(String who) throws Exception {
        return ticketUrl(who).replaceFirst(".*ticket=", "");
    }

    // ---------------------------------------------------------------- The kinds

    private Attack framing(Random chance) {
        String authorized = "Host: x\r\nAuthorization: Bearer " + token("stranger") + "\r\n";
        String patch = "PATCH /api/tasks/" + victim.strangersTask + " HTTP/1.1\r\n";
        String what;
        String request;
        Expect expect = Expect.REFUSED;
        switch (chance.nextInt(7)) {
            case 0, 1 -> {
                what = word(chance, "bad-headers");
                request = patch + (chance.nextBoolean() ? what + "\r\n" + authorized : authorized + what + "\r\n")
                        + "\r\n0\r\n\r\n" + BEHIND;
            }
            case 2 -> {
                what = word(chance, "bad-lines");
                request = what + "\r\n" + authorized + "\r\n" + BEHIND;
            }
            case 3 -> {
                what = word(chance, "bad-chunks");
                request = patch + authorized + JSON_TYPE + "Transfer-Encoding: chunked\r\n\r\n" + what + BEHIND;
            }
            case 4 -> {
                what = word(chance, "methods") + " " + word(chance, "targets");
                request = request(what.split(" ")[0], what.split(" ", 2)[1], token("stranger"), "", "");
                expect = Expect.ANSWERED;
            }
            case 5 -> {
                what = word(chance, "upgrades") + " " + one(chance, List.of("/api/me", "/live"));
                request = "GET " + what.replaceFirst("(?s).* ", "") + " HTTP/1.1\r\n" + authorized
                        + "Connection: upgrade, close\r\n" + what.replaceFirst(" \\S+$", "") + "\r\n\r\n";
                expect = Expect.ANSWERED;
            }
            default -> {
                // Ends anywhere, or has any byte anywhere.
                StringBuilder some = new StringBuilder(patch + authorized + JSON_TYPE + "Content-Length: 2\r\n\r\n{}");
                int at = chance.nextInt(some.length());
                boolean half = chance.nextBoolean();
                if (half) {
                    some.setLength(at);
                } else {
                    some.setCharAt(at, (char) chance.nextInt(256));
                }
                what = half ? "half a request" : "another byte";
                request = some.toString();
                expect = Expect.LEFT;
            }
        }
        return new Attack("framing", what, "stranger", PUBLIC, request, expect);
    }

    private Attack headers(Random chance) {
        StringBuilder headers = new StringBuilder();
        for (int i = 1 + chance.nextInt(8); i > 0; i--) {
            headers.append(word(chance, "names"))
                    .append(": ")
                    .append(word(chance, "values"))
                    .append("\r\n");
        }
        String path = "/api/tasks/" + victim.strangersTask;
        String request = chance.nextInt(4) == 0
                ? request("PATCH", path, token("stranger"), headers + JSON_TYPE, "{}")
                : request("GET", path, token("stranger"), headers.toString(), "");
        return new Attack("headers", headers.toString(), "stranger", PUBLIC, request, Expect.OWN);
    }

    private Attack bodies(Random chance) {
        String body = word(chance, "bodies");
        int other = chance.nextInt(3);
        if (other == 1) {
            body = "{\"%s\":%s}".formatted(word(chance, "fields"), word(chance, "odd-values"));
        } else if (other == 0) {
            StringBuilder some = new StringBuilder(
                    "{\"title\":\"a\",\"tags\":[\"b\"],\"due\":\"2037-01-01\",\"reminders\":[\"-PT1H\"]}");
            some.setCharAt(chance.nextInt(some.length()), (char) chance.nextInt(256));
            body = some.toString();
        }
        String call = word(chance, "calls-with-bodies");
        String type = chance.nextBoolean() ? "application/json" : word(chance, "types");
        String[] parts = call.split(" ");
        return new Attack(
                "bodies",
                call + " " + type + " " + body,
                "stranger",
                PUBLIC,
                request(parts[0], parts[1], token("stranger"), "Content-Type: " + type + "\r\n", body),
                Expect.ANSWERED);
    }

    private Attack tokens(Random chance) throws Exception {
        ObjectNode claims = Api.JSON
                .createObjectNode()
                .put("iss", "sandglass-local")
                .put("sub", victim.victim.name())
                .put("exp", Instant.now().getEpochSecond() + 3_600);
        String path = one(
                chance,
                List.of("/api/tasks?limit=500", "/api/lists", "/api/lists/" + victim.secret, "/api/audit?limit=500"));
        Expect expect = Expect.UNKNOWN;
        String token;
        switch (chance.nextInt(6)) {
            case 0 -> {
                claims.setAll((ObjectNode) Api.JSON.readTree(word(chance, "bad-claims")));
                token = ForgedTokens.signed(HS256, claims.toString(), "HmacSHA256", key);
            }
            case 1 -> {
                claims.put("sub", victim.others.get("stranger").name())
                        .set("roles", Api.JSON.readTree(word(chance, "roles")));
                token = ForgedTokens.signed(HS256, claims.toString(), "HmacSHA256", key);
                path = "/api/ops/dead-letters";
                expect = Expect.DENIED;
            }
            case 2 -> {
                String algorithm = word(chance, "algorithms");
                String mac = algorithm.matches("HS\\d+") ? algorithm.replace("HS", "HmacSHA") : "HmacSHA256";
                String signed = ForgedTokens.signed("{\"alg\":\"" + algorithm + "\"}", claims.toString(), mac, key);
                token = chance.nextBoolean() ? signed : signed.replaceFirst("[^.]+$", "");
            }
            case 3 ->
                token = ForgedTokens.signed(
                        word(chance, "token-headers"), claims.toString(), "HmacSHA256", new byte[32]);
            case 4 -> {
                String[] parts = token("stranger").split("\\.");
                token = chance.nextInt(4) == 0
                        ? parts[0] + "." + ForgedTokens.part(claims.toString()) + "." + parts[2]
                        : word(chance, "no-tokens").replace("$ticket", ticket("stranger"));
            }
            default -> {
                // At the feed: a token is no ticket, and a ticket is one for once.
                String url = ticketUrl("stranger");
                token = word(chance, "no-tickets").replace("$ticket", url.replaceFirst(".*ticket=", ""));
                if (url.endsWith("=" + token) && !token.isEmpty()) {
                    LiveSocket.connect(url).close();
                }
                return new Attack("tokens", "ticket " + token, "stranger", feed, upgrade(token, ""), expect);
            }
        }
        return new Attack(
                "tokens",
                path + " " + claims + " " + token,
                "stranger",
                PUBLIC,
                request("GET", path, token, "", ""),
                expect);
    }

    private Attack ids(Random chance) {
        String who = one(chance, List.of("stranger", "former", "operator"));
        String call = word(chance, "calls-with-ids");
        String[] parts = call.split(" ", 3);
        String body = parts.length > 2 ? parts[2] : "";
        return new Attack(
                "ids",
                call,
                who,
                PUBLIC,
                request(parts[0], parts[1], token(who), JSON_TYPE, body),
                // Chat takes a conversation that is not there for the first word of one.
                parts[1].equals("/api/chat") ? Expect.ANSWERED : Expect.DENIED);
    }

    private Attack isolation(Random chance) {
        Operation operation = one(chance, operations);
        String who = one(chance, List.of(Victim.NOBODY, "stranger", "former", "viewer", "editor", "operator"));
        boolean reads = operation.method.equals("GET");
        // An editor may change the shared list's name and tasks; there, only what is its owner's is tried.
        boolean owners = operation.path.matches("/api/lists/\\{id}(/members/\\{user}|/calendar)?")
                && !operation.method.equals("PATCH");
        // Any member makes links of their own.
        boolean onShared = chance.nextBoolean()
                && !operation.id().equals("createLink")
                && (!who.equals("editor") || reads || owners);
        boolean mayRead = reads && onShared && Set.of("viewer", "editor").contains(who);
        Expect expect = who.equals(Victim.NOBODY) && !operation.open()
                ? Expect.UNKNOWN
                : operation.path.contains("{") && !mayRead ? Expect.DENIED : Expect.ANSWERED;
        String key = chance.nextInt(3) == 0 ? "Idempotency-Key: " + victim.idempotencyKey + "\r\n" : "";
        String request = call(operation, chance, who, onShared, key);
        String what = operation.id()
                + (onShared ? " on the shared list " : " ")
                + request.lines().findFirst().orElse("");
        return new Attack("isolation", what, who, PUBLIC, request, expect);
    }

    private Attack feed(Random chance) throws Exception {
        String who = one(chance, List.of("stranger", "former", "viewer"));
        StringBuilder frames = new StringBuilder();
        JsonNode some = words.path("frames");
        for (JsonNode written : some.get(chance.nextInt(some.size()))) {
            String text = meant(chance, written.asText().substring(3));
            String first = written.asText().substring(0, 2);
            frames.append(first.equals("--") ? text : frame(Integer.parseInt(first, 16), text));
        }
        String headers = word(chance, "feed-headers");
        return new Attack(
                "feed",
                headers + " " + frames,
                who,
                feed,
                upgrade(ticket(who), headers.isEmpty() ? "" : headers + "\r\n") + frames,
                Expect.LEFT);
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
        } else {
            int bytes = length < 65_536 ? 2 : 8;
            head.append((char) (bytes == 2 ? 0xfe : 0xff));
            for (int i = bytes - 1; i >= 0; i--) {
                head.append((char) ((long) length >> 8 * i & 0xff));
            }
        }
        return head + "\0\0\0\0" + text;
    }

    // ---------------------------------------------------------------- The operations of the contract

    int operations() {
        return operations.size();
    }

    /** A call that would do, were it the caller's to make. */
    private String call(Operation operation, Random chance, String who, boolean onShared, String headers) {
        String list = onShared ? victim.shared : victim.secret;
        String task = one(chance, onShared ? victim.sharedTasks : victim.secretTasks);
        String self = who.equals(Victim.NOBODY) ? "x" : victim.others.get(who).name();
        // A member may leave.
        String user = operation.method.equals("DELETE") || chance.nextBoolean() ? victim.victim.name() : self;
        String id = operation.path.startsWith("/api/lists")
                ? list
                : operation.path.matches("/api/(tasks|series)/.*")
                        ? task
                        : one(chance, List.of(task, list, victim.reminder, victim.conversation));
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : operation.described.path("parameters")) {
            String name = parameter.path("name").asText();
            String value = switch (name) {
                case "list" -> list;
                case "task" -> task;
                case "actor" -> victim.victim.name();
                case "q" -> one(chance, List.of(Victim.KNOWN, "canary"));
                case "after" -> "0";
                default -> "";
            };
            if (!value.isEmpty() && (parameter.path("required").asBoolean() || chance.nextInt(3) > 0)) {
                query.add(name + "=" + value);
            }
        }
        String path = operation.path.replace("{user}", user).replaceAll("\\{\\w+}", id)
                + (query.isEmpty() ? "" : "?" + String.join("&", query));
        JsonNode content = operation.described.at("/requestBody/content");
        if (content.isEmpty()) {
            return request(operation.method, path, token(who), headers, "");
        }
        Map.Entry<String, JsonNode> type = content.properties().iterator().next();
        JsonNode body = fitting(type.getValue().path("schema"));
        if (body instanceof ObjectNode fields) {
            JsonNode known = resolved(type.getValue().path("schema")).path("properties");
            Map<String, String> wanted = new HashMap<>(Map.of("list", list, "user", self));
            if (!who.equals("editor")) {
                wanted.put("message", one(chance, List.of("done with ", "find ", "delete ")) + Victim.KNOWN);
                wanted.put("conversation", victim.conversation);
            }
            wanted.forEach((name, value) -> {
                if (known.has(name)) {
                    fields.put(name, value);
                }
            });
        }
        return request(
                operation.method,
                path,
                token(who),
                headers + "Content-Type: " + type.getKey() + "\r\n",
                new String((body.isTextual() ? body.asText() : body.toString()).getBytes(UTF_8), ISO_8859_1));
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty() ? schema : contract.at(reference.substring(1));
    }

    /** Something that fits a schema, as the document has it for an example where it does. */
    private JsonNode fitting(JsonNode given) {
        JsonNode schema = resolved(given);
        for (String name : List.of("examples", "enum")) {
            if (!schema.path(name).isEmpty()) {
                return schema.path(name).get(0).deepCopy();
            }
        }
        if (schema.path("properties").isEmpty()) {
            return TextNode.valueOf("x");
        }
        ObjectNode object = Api.JSON.createObjectNode();
        Set<String> needed = new HashSet<>();
        schema.path("required").forEach(name -> needed.add(name.asText()));
        schema.path("properties").properties().forEach(field -> {
            if (needed.isEmpty() && object.isEmpty() || needed.contains(field.getKey())) {
                object.set(field.getKey(), fitting(field.getValue()));
            }
        });
        return object;
    }

    /**
     * Makes every call once as somebody who may: what is refused to others has to be good otherwise.
     *
     * @return the operations that did not succeed, with the answers
     */
    Map<String, String> withoutSuccess() throws Exception {
        Map<String, String> without = new HashMap<>();
        Person owner = victim.others.get("stranger");
        for (Operation operation : operations) {
            String list = owner.list("editor");
            Object[] again = operation.path.endsWith("/skip")
                    ? new Object[] {"due", "2040-01-01", "recurrence", "daily"}
                    : new Object[0];
            String task = owner.task(list, "mine", again).path("id").asText();
            // The editor's chat asks nothing of the victim.
            String request = call(operation, new Random(1), "editor", false, "")
                    .replace(token("editor"), token(operation.path.startsWith("/api/ops") ? "operator" : "stranger"))
                    .replace(victim.victim.name(), "somebody");
            for (String id : victim.secretTasks) {
                request = request.replace(id, task);
            }
            RawHttp.Said said = RawHttp.say(PUBLIC, request.replace(victim.secret, list), Duration.ofSeconds(10));
            if (said.answers().isEmpty() || said.answers().get(0).status() / 100 != 2) {
                without.put(operation.id(), said.all().lines().reduce("", (before, line) -> line));
            }
        }
        return without;
    }
}
