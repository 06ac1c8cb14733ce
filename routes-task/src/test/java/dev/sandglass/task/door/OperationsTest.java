package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr.Mishap;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every operation of {@code openapi.yaml}, from the request to its calls of Dapr, also where those go wrong. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-012")
class OperationsTest {
    /** An operation on a user's data: the kind of its id, its query, its body, its status, its calls. */
    private record Operation(String id, String query, String body, int status, List<String> calls) {
        Map<String, String> headers() {
            return body.startsWith("BEGIN") ? Map.of("Content-Type", "text/calendar") : Map.of();
        }

        boolean has(String call) {
            return calls.stream().anyMatch(one -> one.startsWith(call));
        }
    }

    private static final String TODO = "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:a\nEND:VTODO\nEND:VCALENDAR\n";

    private static final List<String> SERVICES = List.of("task", "recurrence", "reminder", "audit", "sync");

    private static final Map<String, Operation> OPERATIONS = new TreeMap<>();

    static {
        OPERATIONS.put("changeFilter", on("filter", "", "{\"name\":\"b\"}", 200, "read filters", "write filters"));
        OPERATIONS.put(
                "changeList",
                on(
                        "list",
                        "",
                        "{\"name\":\"b\"}",
                        200,
                        "read list",
                        "write change list",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put(
                "changeMe",
                on("", "", "{\"timeZone\":\"Europe/Warsaw\"}", 200, "read user", "read channels user", "write user"));
        OPERATIONS.put(
                "changeTask",
                on(
                        "task",
                        "",
                        "{\"title\":\"b\"}",
                        200,
                        "read user",
                        "read task",
                        "read list",
                        "read list task",
                        "write change list task",
                        "publish task-updates task.updated",
                        "publish task-events task.updated"));
        OPERATIONS.put(
                "chat",
                on(
                        "",
                        "",
                        "{\"message\":\"buy milk tomorrow\"}",
                        200,
                        "read user",
                        "read list user",
                        "write change list task",
                        "publish task-updates task.created",
                        "publish task-events task.created"));
        OPERATIONS.put(
                "completeTask",
                on(
                        "task",
                        "",
                        "",
                        200,
                        "read task",
                        "read list",
                        "read list task",
                        "write change list task",
                        "publish task-updates task.completed",
                        "publish task-events task.completed"));
        OPERATIONS.put(
                "createFilter",
                on("", "", "{\"name\":\"b\",\"filter\":\"title = b\"}", 201, "read filters", "write filters"));
        OPERATIONS.put(
                "createList",
                on(
                        "",
                        "",
                        "{\"name\":\"b\"}",
                        201,
                        "read user",
                        "read list user",
                        "read lists",
                        "write change list lists user",
                        "publish task-updates list.created",
                        "publish task-events list.created"));
        OPERATIONS.put(
                "createTask",
                on(
                        "",
                        "",
                        "{\"title\":\"b\",\"list\":\"LIST\"}",
                        201,
                        "read list user",
                        "write change list task",
                        "publish task-updates task.created",
                        "publish task-events task.created"));
        OPERATIONS.put(
                "createToken",
                on(
                        "",
                        "",
                        "{\"name\":\"b\",\"scopes\":[\"read\"]}",
                        201,
                        "read user",
                        "read list token tokens",
                        "write change list token tokens",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put(
                "createLink",
                on(
                        "list",
                        "",
                        "",
                        201,
                        "read link links list",
                        "write change link links list",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put("findLinks", on("list", "", "", 200, "read list", "read links"));
        OPERATIONS.put(
                "deleteLink",
                on(
                        "link",
                        "",
                        "",
                        204,
                        "read links list",
                        "write change link links list",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put("readFeed", on("feed", "", "", 200, "read link", "read list"));
        OPERATIONS.put("showErasure", on("", "", "", 200, "read erasures", "read user", "read list"));
        OPERATIONS.put(
                "eraseMe",
                on(
                        "",
                        "",
                        "{\"confirm\":\"USER\"}",
                        200,
                        "read erasures imports tokens user webhooks",
                        "write channels dav erasures filters imported user"));
        OPERATIONS.put(
                "eraseUser",
                on(
                        "",
                        "",
                        "{\"user\":\"USER\",\"confirm\":\"USER\",\"reason\":\"asked by mail\"}",
                        200,
                        "read erasures imports tokens user webhooks",
                        "write channels dav erasures filters imported user"));
        OPERATIONS.put("findErasures", on("", "", "", 200, "read erasures"));
        OPERATIONS.put("findTokens", on("", "", "", 200, "read tokens"));
        OPERATIONS.put(
                "deleteToken",
                on(
                        "token",
                        "",
                        "",
                        204,
                        "read user",
                        "read list tokens",
                        "write change list token tokens",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put("findWebhooks", on("", "", "", 200, "read webhooks"));
        OPERATIONS.put(
                "createWebhook",
                on(
                        "",
                        "",
                        "{\"url\":\"https://hooks.example.com/a\",\"list\":\"LIST\"}",
                        201,
                        "write change list webhook webhooks",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put(
                "changeWebhook",
                on(
                        "webhook",
                        "",
                        "{\"active\":false}",
                        200,
                        "write change list webhook webhooks",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put(
                "deleteWebhook",
                on(
                        "webhook",
                        "",
                        "",
                        204,
                        "read list webhooks",
                        "write change list webhook webhooks",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put("findDeliveries", on("webhook", "", "", 200, "read webhooks", "read webhook"));
        OPERATIONS.put("deleteFilter", on("filter", "", "", 204, "read filters", "write filters"));
        OPERATIONS.put(
                "deleteList",
                on(
                        "list",
                        "",
                        "",
                        204,
                        "read list webhooks",
                        "write change list",
                        "publish task-updates list.deleted",
                        "publish task-events list.deleted"));
        OPERATIONS.put(
                "deleteTask",
                on(
                        "task",
                        "",
                        "",
                        204,
                        "read task",
                        "read list",
                        "read list task",
                        "write change list task",
                        "publish task-updates task.deleted",
                        "publish task-events task.deleted"));
        OPERATIONS.put("devToken", on("", "", "{\"user\":\"bob\"}", 200));
        OPERATIONS.put("dismissDeadLetter", on("letter", "", "", 204, "ask audit internal/dead-letters/dismiss"));
        OPERATIONS.put("findAudit", on("", "?list=LIST", "", 200, "read list user", "ask audit internal/entries"));
        OPERATIONS.put(
                "findDeadLetters",
                on(
                        "",
                        "",
                        "",
                        200,
                        "ask task internal/dead-letters",
                        "ask recurrence internal/dead-letters",
                        "ask reminder internal/dead-letters",
                        "ask audit internal/dead-letters",
                        "ask sync internal/dead-letters"));
        OPERATIONS.put("findFilters", on("", "", "", 200, "read filters"));
        OPERATIONS.put("findLists", on("", "", "", 200, "read user", "read list"));
        OPERATIONS.put(
                "findReminders", on("", "", "", 200, "read user", "read list", "ask reminder internal/reminders"));
        OPERATIONS.put("findTasks", on("", "?list=LIST", "", 200, "read list user"));
        OPERATIONS.put("getCalendar", on("list", "", "", 200, "read list", "read calendar"));
        OPERATIONS.put(
                "putCalendar",
                on(
                        "list",
                        "",
                        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270106\nEND:VEVENT\nEND:VCALENDAR",
                        200,
                        "read list",
                        "read calendar",
                        "write calendar change list",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put(
                "deleteCalendar",
                on(
                        "holidays",
                        "",
                        "",
                        204,
                        "read list",
                        "read calendar",
                        "write calendar change list",
                        "publish task-updates list.updated",
                        "publish task-events list.updated"));
        OPERATIONS.put("getList", on("list", "", "", 200, "read list"));
        OPERATIONS.put("getMe", on("", "", "", 200, "read user", "read channels"));
        OPERATIONS.put("getTask", on("task", "", "", 200, "read task", "read list"));
        OPERATIONS.put("listChanges", on("list", "?after=0", "", 200, "read list", "read change"));
        OPERATIONS.put("liveTicket", on("", "", "", 200, "ask sync internal/tickets"));
        OPERATIONS.put(
                "mcp", on("", "", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}", 200));
        OPERATIONS.put("openapi", on("", "", "", 200));
        OPERATIONS.put("getConfig", on("", "", "", 200));
        OPERATIONS.put("protectedResource", on("", "", "", 404));
        OPERATIONS.put(
                "previewImport",
                on(
                        "",
                        "",
                        TODO,
                        201,
                        "read user",
                        "read list",
                        "read imported",
                        "read dav",
                        "read import imports",
                        "write import imports"));
        OPERATIONS.put(
                "applyImport",
                on(
                        "import",
                        "",
                        "",
                        200,
                        "read user",
                        "read import",
                        "read import",
                        "read imported list user",
                        "read dav",
                        "write change dav imported list task",
                        "publish task-updates task.created",
                        "publish task-events task.created"));
        OPERATIONS.put(
                "exportAll",
                on(
                        "",
                        "",
                        "",
                        200,
                        "read user",
                        "read list",
                        "read calendar",
                        "read calendar",
                        "ask audit internal/entries",
                        "ask audit internal/entries",
                        "read channels filters"));
        OPERATIONS.put(
                "reopenTask",
                on(
                        "done",
                        "",
                        "",
                        200,
                        "read task",
                        "read list",
                        "read list task",
                        "write change list task",
                        "publish task-updates task.reopened",
                        "publish task-events task.reopened"));
        OPERATIONS.put("resendDeadLetter", on("letter", "", "", 200, "ask audit internal/dead-letters/resend"));
        OPERATIONS.put(
                "resendDeadLetters",
                on(
                        "",
                        "",
                        "",
                        200,
                        "ask task internal/dead-letters/resend",
                        "ask recurrence internal/dead-letters/resend",
                        "ask reminder internal/dead-letters/resend",
                        "ask audit internal/dead-letters/resend",
                        "ask sync internal/dead-letters/resend"));
        OPERATIONS.put("parseChat", on("", "", "{\"message\":\"buy milk tomorrow\"}", 200, "read user"));
        OPERATIONS.put("searchTasks", on("", "", "{}", 200, "read user", "read list"));
        OPERATIONS.put(
                "shareList",
                on(
                        "list",
                        "",
                        "{\"role\":\"viewer\"}",
                        204,
                        "read list",
                        "read user",
                        "write change list user",
                        "publish task-updates list.shared",
                        "publish task-events list.shared"));
        OPERATIONS.put(
                "taskHistory",
                on("task", "", "", 200, "read task", "read list", "read user", "ask audit internal/history"));
        OPERATIONS.put(
                "unshareList",
                on(
                        "member",
                        "",
                        "",
                        204,
                        "read list",
                        "write change list",
                        "publish task-updates list.unshared",
                        "publish task-events list.unshared"));
        OPERATIONS.put(
                "getSeries",
                on("series", "", "", 200, "read user", "read list", "read task", "read task", "read list"));
        OPERATIONS.put(
                "skipTask",
                on(
                        "recurring",
                        "",
                        "",
                        200,
                        "read task",
                        "read list",
                        "read list task",
                        "write change list task",
                        "publish task-updates task.updated",
                        "publish task-events task.updated"));
        OPERATIONS.put(
                "snoozeReminder",
                on(
                        "reminder",
                        "",
                        "{\"for\":\"PT1H\"}",
                        200,
                        "read task",
                        "read list",
                        "ask reminder internal/snooze",
                        "read user",
                        "write user"));
        OPERATIONS.put(
                "undo",
                on(
                        "task",
                        "",
                        "",
                        200,
                        "read user",
                        "read list",
                        "read list user",
                        "read change",
                        "read change",
                        "read list task",
                        "write change list task",
                        "publish task-updates task.deleted",
                        "publish task-events task.deleted"));
        OPERATIONS.put("verifyAudit", on("", "?list=LIST", "", 200, "read list", "ask audit internal/verify"));
    }

    private static Operation on(String id, String query, String body, int status, String... calls) {
        return new Operation(id, query, body, status, List.of(calls));
    }

    @Inject
    DoorSidecar sidecar;

    /** A request that is ready to be sent. */
    private final class Ready {
        private final String name;
        private final Operation operation;
        private final DoorClient client;
        private final HttpRequest request;
        private String link = "";

        Ready(String name) throws Exception {
            this.name = name;
            operation = OPERATIONS.get(name);
            client = DoorClient.like("user", "operator");
            made("GET", "/api/me", null, "timeZone");
            String list = made("POST", "/api/lists", "{\"name\":\"l\"}", "id");
            String id = switch (operation.id) {
                case "task", "done" -> made("POST", "/api/tasks", "{\"title\":\"a\",\"list\":\"" + list + "\"}", "id");
                case "recurring", "series" ->
                    made(
                            "POST",
                            "/api/tasks",
                            "{\"title\":\"a\",\"due\":\"2031-01-01\",\"recurrence\":\"daily\",\"list\":\"" + list
                                    + "\"}",
                            operation.id.equals("series") ? "series" : "id");
                case "filter" -> made("POST", "/api/filters", "{\"name\":\"a\",\"filter\":\"title = a\"}", "id");
                case "token" -> made("POST", "/api/tokens", "{\"name\":\"a\",\"scopes\":[\"read\"]}", "id");
                case "member" -> {
                    made("PUT", "/api/lists/" + list + "/members/bob", "{\"role\":\"viewer\"}", "");
                    yield list;
                }
                case "holidays" -> {
                    Operation put = OPERATIONS.get("putCalendar");
                    is(200, client.call("PUT", "/api/lists/" + list + "/calendar", put.body, put.headers()));
                    yield list;
                }
                case "import" ->
                    is(201, client.call("POST", "/api/imports", TODO, Map.of("Content-Type", "text/calendar")))
                            .path("id")
                            .asText();
                case "webhook" ->
                    made(
                            "POST",
                            "/api/webhooks",
                            "{\"url\":\"https://hooks.example.com/a\",\"list\":\"" + list + "\"}",
                            "id");
                case "letter" -> "audit.1";
                case "reminder" ->
                    made("POST", "/api/tasks", "{\"title\":\"a\",\"list\":\"" + list + "\"}", "id") + ".0123456789.1";
                default -> list;
            };
            if (operation.id.equals("link")) {
                link = made("POST", "/api/lists/" + list + "/links", null, "id");
            } else if (operation.id.equals("feed")) {
                link = made("POST", "/api/lists/" + list + "/links", null, "url")
                        .replaceFirst(".*/", "");
            }
            if (operation.id.equals("done")) {
                made("POST", "/api/tasks/" + id + "/complete", null, "id");
            }
            String[] target = TARGETS.get(name);
            request = client.request(
                    target[0],
                    target[1]
                                    .replace("{id}", id)
                                    .replace("{user}", "bob")
                                    .replace("{link}", link)
                                    .replace("{file}", link)
                            + operation.query.replace("LIST", list),
                    operation.body.isEmpty()
                            ? null
                            : operation.body.replace("LIST", list).replace("USER", client.name()),
                    operation.headers());
        }

        private String made(String method, String path, @Nullable String body, String field) throws Exception {
            HttpResponse<String> answer = client.call(method, path, body);
            assertTrue(answer.statusCode() < 300, answer::body);
            return field.isEmpty()
                    ? ""
                    : Json.read(answer.body(), JsonNode.class).path(field).asText();
        }

        String told(HttpResponse<String> answer) {
            return name + " " + answer.statusCode() + (answer.statusCode() < 500 ? "" : " " + answer.body());
        }
    }

    /** Verb and path of each operation, by its id. */
    private static final Map<String, String[]> TARGETS = targets();

    private static Map<String, String[]> targets() {
        try {
            Map<String, String[]> targets = new TreeMap<>();
            new YAMLMapper()
                    .readTree(Path.of("src/main/resources/openapi.yaml").toFile())
                    .path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().forEach(operation -> {
                        if (operation.getValue().has("operationId")) {
                            targets.put(
                                    operation.getValue().path("operationId").asText(),
                                    new String[] {operation.getKey().toUpperCase(Locale.ROOT), path.getKey()});
                        }
                    }));
            return targets;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void allIsWell() {
        sidecar.fail(0);
        sidecar.away.clear();
        sidecar.overtaken = false;
    }

    @Test
    void everyOperationIsHere() {
        assertEquals(TARGETS.keySet(), OPERATIONS.keySet());
    }

    @Test
    void everyOperationMakesItsCallsOfDaprInTheirOrderAndPublishesWhatItWrote() throws Exception {
        List<Ready> all = ready(OPERATIONS.keySet().stream().toList());
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Ready one : all) {
            sidecar.calls.clear();
            HttpResponse<String> answer = DoorClient.HTTP.send(one.request, HttpResponse.BodyHandlers.ofString());
            published(one);
            expected.add(one.name + " " + one.operation.status + " " + one.operation.calls);
            seen.add(one.told(answer) + " " + inOrder());
        }
        assertEquals(String.join("\n", expected), String.join("\n", seen));
    }

    @Test
    void whatIsWrittenIsWrittenAndPublishedOnceWhateverTheStoreAnswers() throws Exception {
        List<String> writing = names("write");
        assertTrue(writing.size() > 10);
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int mishap = 0; mishap <= Mishap.values().length; mishap++) {
            for (Ready one : ready(writing)) {
                sidecar.calls.clear();
                if (mishap < Mishap.values().length) {
                    sidecar.next(Mishap.values()[mishap]);
                } else {
                    sidecar.overtaken = true;
                }
                HttpResponse<String> answer = DoorClient.HTTP.send(one.request, HttpResponse.BodyHandlers.ofString());
                published(one);
                expected.add(
                        mishap + " " + one.name + " " + one.operation.status + " " + publishing(one.operation.calls));
                seen.add(mishap + " " + one.told(answer) + " " + publishing(inOrder()));
            }
        }
        assertEquals(String.join("\n", expected), String.join("\n", seen));
    }

    @Test
    void whileTheStateStoreIsAwayWhoNeedsItIsAskedToTryAgain() throws Exception {
        List<String> needing = names("read");
        assertTrue(needing.size() > 20);
        List<Ready> all = ready(needing);
        sidecar.fail(1);
        assertEquals(List.of(), otherThan503(all));
    }

    @Test
    void whileAServiceIsAwayWhoNeedsItIsAskedToTryAgain() throws Exception {
        List<String> needing = new ArrayList<>(names("ask"));
        // These say who is away.
        assertTrue(needing.removeAll(List.of("findDeadLetters", "resendDeadLetters")));
        assertTrue(needing.size() > 4);
        List<Ready> all = ready(needing);
        sidecar.away.addAll(List.of("audit", "recurrence", "reminder", "sync"));
        assertEquals(List.of(), otherThan503(all));
    }

    private static List<String> names(String call) {
        return OPERATIONS.entrySet().stream()
                .filter(one -> one.getValue().has(call))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Side by side, for each tries as long as it may. */
    private static List<String> otherThan503(List<Ready> all) {
        List<CompletableFuture<String>> told = all.stream()
                .map(one -> DoorClient.HTTP
                        .sendAsync(one.request, HttpResponse.BodyHandlers.ofString())
                        .thenApply(answer -> answer.statusCode() + " " + one.name))
                .toList();
        return told.stream()
                .map(CompletableFuture::join)
                .filter(answer -> !answer.startsWith("503"))
                .toList();
    }

    private List<Ready> ready(List<String> names) throws Exception {
        List<Ready> all = new ArrayList<>();
        for (String name : names) {
            all.add(new Ready(name));
        }
        for (int before = -1; before != sidecar.calls.size(); ) {
            before = sidecar.calls.size();
            Thread.sleep(100);
        }
        return all;
    }

    /** Events leave beside the answer. */
    private void published(Ready one) throws InterruptedException {
        int wanted = publishing(one.operation.calls).size();
        for (int waited = 0; publishing(sidecar.calls).size() < wanted && waited < 5_000; waited++) {
            Thread.sleep(2);
        }
    }

    private static List<String> publishing(List<String> calls) {
        return calls.stream().filter(call -> call.startsWith("publish")).toList();
    }

    /** The calls of the request, then the calls beside it. */
    private List<String> inOrder() {
        List<String> calls = new ArrayList<>(sidecar.calls);
        List<String> published = publishing(calls);
        calls.removeAll(published);
        calls.addAll(published);
        if (calls.stream().allMatch(call -> call.startsWith("ask"))) {
            // Side by side, as the table has them.
            calls.sort(Comparator.comparing(call -> SERVICES.indexOf(call.split(" ")[1])));
        }
        return calls;
    }
}
