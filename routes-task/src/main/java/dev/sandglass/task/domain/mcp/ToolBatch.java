package dev.sandglass.task.domain.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Once;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.chat.ListName;
import dev.sandglass.task.domain.chat.ListNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A call of a tool: its entries, done one after the other, and what became of each. */
public final class ToolBatch {
    /** The argument of the tools that change something: repeated, nothing is done twice. */
    public static final String KEY = "idempotency_key";

    private static final String ID = "id";
    private static final String LIST = "list";
    /** Statuses of problems that the next entry would meet too: it is not tried. */
    private static final Set<Integer> AWAY = Set.of(429, 503);
    /** Fields of a problem document that a model is told. */
    private static final List<String> TOLD = List.of("status", "detail", "errors", "outcome");

    private final Tool tool;
    private final Request asked;
    private final @Nullable String key;
    private final List<ObjectNode> entries = new ArrayList<>();
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final ArrayNode done = Json.array();
    private final SortedMap<Integer, ObjectNode> failed = new TreeMap<>();
    private ListNames lists = ListNames.NONE;
    private int at;
    private ObjectNode current = Json.object();

    /**
     * An entry, as the operation of the tool takes it.
     *
     * @param fields with lists by their ids, without the id of the task that the request is about
     */
    public record Entry(Request request, ObjectNode fields, Map<String, String> query) {}

    /**
     * @param asked by whom
     * @param key that the client gave, null for none
     * @param arguments of the tool
     * @param faults of the arguments: those within an entry are this entry's alone
     * @throws Rejection INVALID for the others
     */
    public ToolBatch(Tool tool, Request asked, @Nullable String key, JsonNode arguments, List<Fault> faults) {
        this.tool = tool;
        this.asked = asked;
        this.key = key;
        Pattern within = Pattern.compile("/" + tool.entries() + "/(\\d+)(.*)", Pattern.DOTALL);
        SortedMap<Integer, List<Fault>> wrong = new TreeMap<>();
        List<Fault> whole = new ArrayList<>();
        for (Fault fault : faults) {
            Matcher entry = within.matcher(fault.pointer());
            if (entry.matches()) {
                wrong.computeIfAbsent(Integer.valueOf(entry.group(1)), any -> new ArrayList<>())
                        .add(new Fault(entry.group(2), fault.detail()));
            } else {
                whole.add(fault);
            }
        }
        if (!whole.isEmpty()) {
            throw Rejection.wrong(whole);
        }
        Iterable<JsonNode> given = tool.entries() == null ? List.of(arguments) : arguments.path(tool.entries());
        for (JsonNode entry : given) {
            waiting.add(entries.size());
            entries.add(
                    entry instanceof ObjectNode fields ? fields : Json.object().set(ID, entry));
        }
        waiting.removeAll(wrong.keySet());
        wrong.forEach((number, its) -> {
            Rejection why = Rejection.wrong(its);
            fail(
                    number,
                    Json.object()
                            .put("status", 422)
                            .put("detail", why.getMessage())
                            .setAll(why.more()));
        });
    }

    public Tool tool() {
        return tool;
    }

    /** The name of the route that does an entry. */
    public String route() {
        return tool.name().replace('_', '-');
    }

    /** Tells if a list is named: then the names of the user's lists must be known. */
    public boolean isNamingLists() {
        return entries.stream().anyMatch(entry -> entry.hasNonNull(LIST));
    }

    public void know(ListNames names) {
        lists = names;
    }

    /** True until all entries were tried. */
    public boolean isOpen() {
        return !waiting.isEmpty();
    }

    /** @throws Rejection INVALID where it names a list that is none of the user's, or several */
    public Entry next() {
        at = waiting.remove();
        current = entries.get(at).deepCopy();
        current.remove(KEY);
        if (current.hasNonNull(LIST)) {
            JsonNode list = current.get(LIST);
            current.set(LIST, list.isArray() ? Json.tree(ids(list)) : TextNode.valueOf(id(list.asText())));
        }
        ObjectNode fields = current.deepCopy();
        Map<String, String> query = fields.path("following").asBoolean() ? Map.of("apply", "following") : Map.of();
        fields.remove(List.of("following", ID));
        String about = current.path(current.has(ID) ? ID : LIST).asText();
        return new Entry(asked.about(about, current.path("user").asText()).once(once()), fields, query);
    }

    private @Nullable Once once() {
        return key == null || tool.reads()
                ? null
                : Once.of(
                        asked.user(),
                        "POST /mcp" + Grant.mark(asked.grant()),
                        key + "\n" + at,
                        tool.name() + entries.get(at));
    }

    private List<String> ids(JsonNode called) {
        return called.valueStream().map(one -> id(one.asText())).toList();
    }

    private String id(String called) {
        List<ListName> fit = lists.called(called);
        if (fit.size() == 1) {
            return fit.get(0).id();
        }
        throw Rejection.wrong(
                "/" + LIST,
                fit.isEmpty()
                        ? "there is no list “" + called + "”"
                        : fit.size() + " lists are called “" + called + "”; take the id of one: "
                                + fit.stream().map(ListName::id).collect(Collectors.joining(", ")));
    }

    public void done(Answer answer) {
        if (answer.body() != null) {
            done.add(answer.body());
        } else {
            done.add(tool.entries() == null ? current : current.path(ID));
        }
    }

    /** @param problem a problem document (RFC 9457) */
    public void failed(ObjectNode problem) {
        fail(at, problem);
        if (AWAY.contains(problem.path("status").asInt())) {
            waiting.forEach(number -> fail(
                    number,
                    problem.deepCopy()
                            .put("detail", "Not tried, after what entry " + at + " met")
                            .without(List.of("errors", "outcome"))));
            waiting.clear();
        }
    }

    private void fail(int number, ObjectNode problem) {
        failed.put(number, problem.retain(TOLD));
    }

    /** The result of the call: what was done, and for a model in words what was not, and what to do about that. */
    public ObjectNode result() {
        ArrayNode content = Json.array();
        if (!failed.isEmpty()) {
            String each = failed.entrySet().stream()
                    .map(one -> (tool.entries() == null ? "" : "Entry " + one.getKey() + ": ") + words(one.getValue()))
                    .collect(Collectors.joining("\n"));
            content.add(
                    text(tool.entries() == null ? each : done.size() + " done, " + failed.size() + " not.\n" + each));
        }
        ObjectNode result = Json.object().set("content", content);
        JsonNode structured = tool.entries() == null ? done.path(0) : entries();
        if (!structured.isMissingNode()) {
            content.add(text(structured.toString()));
            result.set("structuredContent", structured);
        }
        return result.put("isError", done.isEmpty());
    }

    private ObjectNode entries() {
        ArrayNode problems = Json.array();
        failed.forEach((number, problem) -> {
            ObjectNode one = problems.addObject().put("entry", number);
            JsonNode id = entries.get(number).path(ID);
            if (id.isTextual()) {
                one.set(ID, id);
            }
            one.set("problem", problem);
        });
        return Json.object().<ObjectNode>set(tool.done(), done).set("failed", problems);
    }

    /** The result of a call of which nothing was tried. */
    public static ObjectNode refused(ObjectNode problem) {
        return Json.object()
                .<ObjectNode>set("content", Json.array().add(text(words(problem))))
                .put("isError", true);
    }

    private static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    private static String words(ObjectNode problem) {
        String faults = problem.path("errors")
                .valueStream()
                .map(fault -> fault.path("pointer").asText().isEmpty()
                        ? fault.path("detail").asText()
                        : fault.path("pointer").asText() + " "
                                + fault.path("detail").asText())
                .collect(Collectors.joining("; "));
        return (faults.isEmpty() ? problem.path("detail").asText() : faults) + ". "
                + advice(problem.path("status").asInt(), problem.has("outcome"));
    }

    private static String advice(int status, boolean unknown) {
        return switch (status) {
            case 400, 422 -> "Mend that and call again.";
            case 403 -> "Do not try again; tell the user.";
            case 404 -> "Look for it with find_tasks or find_lists.";
            case 429, 503 ->
                unknown
                        ? "It may have been done: look, or call again with the same " + KEY + "."
                        : "Wait a moment and call again.";
            default -> "Tell the user; the same call would be answered the same.";
        };
    }
}
