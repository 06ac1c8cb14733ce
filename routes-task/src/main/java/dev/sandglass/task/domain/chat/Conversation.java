package dev.sandglass.task.domain.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.UserName;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.time.Due;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A sentence before a language model that has the chat's operations as tools. It looks tasks up, and wishes one thing, an {@link Intent}
 * as the grammar's. What it shows is shown, and what it adds is added; all else it wishes, and what it adds once it has read tasks, which
 * others may have written, is a question, and yes is a sentence that the grammar reads. Its own words are shown to nobody.
 *
 * @param inbox the user's
 * @param exchanged what followed the sentence, as Dapr's Conversation API has it
 * @param looked the tasks it looked up last; null: none yet
 * @param seen the tasks it was told of, by their ids
 * @param looking true while tasks are looked up
 * @param intent its wish; null: not said yet
 */
public record Conversation(
        String message,
        Speaker speaker,
        String inbox,
        List<JsonNode> exchanged,
        Intent.@Nullable Show looked,
        Map<String, Task> seen,
        boolean looking,
        @Nullable Intent intent) {
    /** Times that it looks tasks up for one sentence. */
    private static final int MOST_LOOKS = 3;
    /** Tasks that it is told of at once. */
    private static final int MOST_TOLD = 20;

    private static final int MOST_LISTS = 100;
    private static final DateTimeFormatter NOW =
            DateTimeFormatter.ofPattern("EEEE, yyyy-MM-dd'T'HH:mm:ss (VV)", Locale.ENGLISH);

    private static final String SYSTEM;
    /** As Dapr's Conversation API has them. */
    private static final ArrayNode TOOLS = Json.array();

    private static final Map<String, JsonSchema> ARGUMENTS = new HashMap<>();

    static {
        JsonNode file = file();
        SYSTEM = file.path("system").asText();
        for (JsonNode tool : file.path("tools")) {
            var parameters = tool.path("parameters").isTextual()
                    ? file.path(tool.path("parameters").asText())
                    : tool.path("parameters");
            ARGUMENTS.put(
                    tool.path("name").asText(),
                    JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(parameters));
            ObjectNode function = tool.deepCopy();
            function.set("parameters", parameters);
            TOOLS.addObject().set("function", function);
        }
    }

    private static JsonNode file() {
        try (var file = Conversation.class.getResourceAsStream("conversation.yaml")) {
            return new YAMLMapper().readTree(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param speaker one whose lists are known */
    public static Conversation about(String message, Speaker speaker, String inbox) {
        return new Conversation(message, speaker, inbox, List.of(), null, Map.of(), false, null);
    }

    /** True until it has said what it wishes. */
    public boolean isOpen() {
        return intent == null;
    }

    /** The tasks it adds without a question, each as a client would send it. */
    public List<String> bodies() {
        return intent instanceof Intent.Add one
                ? List.of(one.body().toString())
                : intent instanceof Intent.AddAll all
                        ? all.tasks().stream().map(it -> it.body().toString()).toList()
                        : List.of();
    }

    public Understanding understanding() {
        return Understanding.of(Objects.requireNonNull(intent));
    }

    // Questions and answers -------------------------------------------------------------------------------------------

    /** The question, as Dapr's Conversation API takes it: the sentence, and nothing of those before it. */
    public ObjectNode question() {
        var lists = speaker.knownLists().names().stream().limit(MOST_LISTS).toList();
        var system = SYSTEM.replace("<now>", NOW.format(speaker.now())).replace("<lists>", Json.text(lists));
        ObjectNode question = Json.object();
        ArrayNode messages = question.putArray("inputs").addObject().putArray("messages");
        messages.addObject().set("ofSystem", content(Json.object(), system));
        messages.addObject().set("ofUser", content(Json.object(), message));
        messages.addAll(exchanged);
        question.set("tools", TOOLS);
        return question;
    }

    private static ObjectNode content(ObjectNode said, String text) {
        said.putArray("content").addObject().put("text", text);
        return said;
    }

    /** The parameters of a query for the tasks it looks up. */
    public Map<String, String> query() {
        var query = new HashMap<>(Objects.requireNonNull(looked).query());
        query.put("limit", "" + MOST_TOLD);
        return query;
    }

    /** It is told of the tasks it looked up. */
    public static Conversation found(Conversation before, Page page) {
        return before.told(page);
    }

    private Conversation told(Page page) {
        var more = new HashMap<>(seen);
        ArrayNode tasks = Json.array();
        for (var task : page.tasks()) {
            more.put(task.id(), task);
            tasks.add(told(task));
        }
        JsonNode call = exchanged.get(exchanged.size() - 1).at("/ofAssistant/toolCalls/0");
        ObjectNode result = Json.object().put("total", page.total());
        result.set("tasks", tasks);
        ObjectNode tool = content(
                Json.object()
                        .put("toolId", call.path("id").asText())
                        .put("name", call.at("/function/name").asText()),
                result.toString());
        return new Conversation(
                message,
                speaker,
                inbox,
                and(Json.object().<ObjectNode>set("ofTool", tool)),
                looked,
                Map.copyOf(more),
                false,
                null);
    }

    private JsonNode told(Task task) {
        ObjectNode told = Json.object()
                .put("id", task.id())
                .put("title", task.title())
                .put("status", task.open() ? "open" : "completed")
                .put("priority", task.priority().name().toLowerCase(Locale.ROOT));
        speaker.knownLists().called(task.list()).stream().findFirst().ifPresent(it -> told.put("list", it.name()));
        told.set("tags", Json.tree(task.tags()));
        if (task.due() != null) {
            told.put("due", task.due().toString());
        }
        if (task.recurrence() != null) {
            told.put("recurrence", task.recurrence());
        }
        return told;
    }

    private List<JsonNode> and(JsonNode one) {
        var all = new ArrayList<>(exchanged);
        all.add(one);
        return List.copyOf(all);
    }

    // Wishes ----------------------------------------------------------------------------------------------------------

    /**
     * It answers.
     *
     * @param answer JSON text of Dapr's Conversation API
     * @throws Rejection UNREADABLE where it wishes nothing, or what no tool does
     */
    public static Conversation heard(Conversation before, String answer) {
        try {
            return before.heard(Json.read(answer, JsonNode.class));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong("an argument cannot be read");
        }
    }

    private Conversation heard(JsonNode answer) {
        var calls = answer.path("outputs")
                .valueStream()
                .flatMap(it -> it.path("choices").valueStream())
                .flatMap(it -> it.at("/message/toolCalls").valueStream())
                .toList();
        if (calls.isEmpty()) {
            if (looked == null) {
                throw wrong("it calls no tool");
            }
            // It has seen what was asked for, and would tell it in its own words.
            return wishing(looked);
        }
        var tool = calls.get(0).at("/function/name").asText();
        JsonNode arguments = arguments(tool, calls);
        if (!tool.equals("find_tasks")) {
            return wishing(intent(tool, arguments));
        }
        if (exchanged.size() >= 2 * MOST_LOOKS) {
            throw wrong("it looks tasks up again and again");
        }
        ObjectNode asked = Json.object();
        asked.putObject("ofAssistant").putArray("toolCalls").add(calls.get(0));
        return new Conversation(message, speaker, inbox, and(asked), show(arguments), seen, true, null);
    }

    private Conversation wishing(Intent wish) {
        return new Conversation(message, speaker, inbox, exchanged, looked, seen, false, wish);
    }

    private static Rejection wrong(String why) {
        return new Rejection(Reason.UNREADABLE, why);
    }

    /** Calls of one tool that takes several tasks are one. */
    private static JsonNode arguments(String tool, List<JsonNode> calls) {
        var schema = ARGUMENTS.get(tool);
        if (schema == null) {
            throw wrong("there is no such tool");
        }
        JsonNode all = Json.object();
        for (var call : calls) {
            var text = call.at("/function/arguments").asText();
            JsonNode one = text.isBlank() ? Json.object() : said(Json.read(text, JsonNode.class));
            boolean another = !call.at("/function/name").asText().equals(tool);
            if (another || calls.size() > 1 && !one.path("tasks").isArray()) {
                throw wrong("it wishes several things");
            }
            if (all.path("tasks") instanceof ArrayNode several) {
                one.path("tasks").forEach(several::add);
            } else {
                all = one;
            }
        }
        if (!schema.validate(all).isEmpty()) {
            throw wrong("these are no arguments of that tool");
        }
        return all;
    }

    /** Models fill in what they do not mean. */
    private static JsonNode said(JsonNode arguments) {
        if (arguments instanceof ObjectNode object) {
            object.properties()
                    .removeIf(it -> it.getValue().isNull()
                            || it.getValue().isTextual()
                                    && it.getValue().asText().isBlank());
        }
        arguments.forEach(Conversation::said);
        return arguments;
    }

    private Intent intent(String tool, JsonNode arguments) {
        return switch (tool) {
            case "add_tasks" -> add(arguments.path("tasks"));
            case "show_tasks" -> show(arguments);
            case "complete_tasks" -> several(false, arguments.path("tasks"));
            case "delete_tasks" -> several(true, arguments.path("tasks"));
            case "skip_task" -> skip(arguments);
            case "move_task" -> move(arguments);
            case "snooze_task" -> snooze(arguments);
            case "share_list" -> share(arguments);
            default -> ask(say("wish-undo"), say("undo"), Intent.Undo.class::isInstance);
        };
    }

    private Intent.Show show(JsonNode wanted) {
        var reply = new Reply(speaker);
        var query = new HashMap<>(Map.of("status", wanted.path("status").asText("open"), "sort", "due"));
        var what = new ArrayList<String>();
        if (wanted.has("text")) {
            query.put("q", wanted.path("text").asText());
            what.add(language().say("with-words", "words", wanted.path("text").asText()));
        }
        if (wanted.path("overdue").isBoolean()) {
            query.put("overdue", wanted.path("overdue").asText());
            what.addAll(wanted.path("overdue").asBoolean() ? List.of(say("overdue")) : List.of());
        }
        if ("completed".equals(query.get("status"))) {
            query.put("sort", "-updated");
            what.add(say("completed"));
        }
        query.remove("status", "any");
        if (wanted.has("due_after")) {
            var day = LocalDate.parse(wanted.path("due_after").asText());
            query.put("due_after", day.toString());
            what.add(due(language().say("from-day", "day", reply.nameOf(day))));
        }
        if (wanted.has("due_before")) {
            var day = LocalDate.parse(wanted.path("due_before").asText());
            query.put("due_before", day.toString());
            what.add(due(language().say("before-day", "day", reply.nameOf(day))));
        }
        var priorities = texts(wanted.path("priority"));
        if (!priorities.isEmpty()) {
            query.put("priority", String.join(",", priorities));
            what.addAll(priorities.stream()
                    .map(it -> language().say("of-priority", "priority", say("priority-" + it)))
                    .toList());
        }
        var tags = texts(wanted.path("tags"));
        if (!tags.isEmpty()) {
            query.put("tag", String.join(",", tags));
            what.add(reply.withAny(tags));
        }
        if (wanted.has("list")) {
            var list = list(wanted.path("list").asText());
            query.put("list", list.id());
            what.add(language().say("in-list", "list", list.name()));
        }
        return new Intent.Show(query, String.join(", ", what), null);
    }

    private Intent add(JsonNode wanted) {
        var adds = wanted.valueStream().map(this::task).toList();
        Intent all = adds.size() == 1 ? adds.get(0) : new Intent.AddAll(adds);
        boolean elsewhere = adds.stream().anyMatch(it -> it.list() != null && !isNamed(it.list()));
        if (looked == null && !elsewhere) {
            return all;
        }
        return ask(
                language()
                        .say("wish-add", "tasks", adds.stream().map(this::label).collect(Collectors.joining("; "))),
                adds.stream().map(this::sentence).collect(Collectors.joining("; ")),
                all::equals);
    }

    private Intent.Add task(JsonNode wanted) {
        var due = wanted.has("due") ? Due.parse(wanted.path("due").asText()) : null;
        if (due != null && due.date().isBefore(speaker.now().toLocalDate())) {
            throw wrong("it is over");
        }
        var list = wanted.has("list") ? list(wanted.path("list").asText()) : null;
        return new Intent.Add(
                wanted.path("title").asText().strip(),
                due,
                wanted.has("priority") ? Json.read(wanted.path("priority"), Priority.class) : null,
                texts(wanted.path("tags")),
                wanted.has("recurrence") ? wanted.path("recurrence").asText() : null,
                null,
                null,
                texts(wanted.path("reminders")),
                wanted.has("nag") ? wanted.path("nag").asText() : null,
                list == null || list.id().equals(inbox) ? null : list);
    }

    /** Into a list that the user did not name, others could have it put. */
    private boolean isNamed(ListName list) {
        return Folding.fold(message).contains(Folding.fold(list.name()).strip());
    }

    private String label(Intent.Add add) {
        return language().say("quoted", "title", add.title())
                + (add.due() == null ? "" : ", " + due(new Reply(speaker).due(add.due())))
                + (add.list() == null
                        ? ""
                        : ", " + language().say("in-list", "list", add.list().name()));
    }

    /** A rule and reminders have no sentence that is certain to mean them. */
    private String sentence(Intent.Add add) {
        var words = new StringBuilder(language().say("task", "task", Quotes.around(add.title())));
        if (add.due() != null) {
            words.append(' ').append(language().say("day", "day", IntentParser.written(language(), add.due())));
        }
        if (add.priority() != null) {
            words.append(" !").append(say("priority-" + add.priority().name().toLowerCase(Locale.ROOT)));
        }
        add.tags().forEach(it -> words.append(" #").append(it));
        if (add.list() != null) {
            words.append(' ').append(language().say("list", "list", add.list().id()));
        }
        return words.toString();
    }

    private Intent several(boolean delete, JsonNode ids) {
        var tasks = texts(ids).stream().distinct().map(this::seen).toList();
        if (tasks.stream().anyMatch(it -> !it.open()) && !delete) {
            throw wrong("it is completed");
        }
        if (tasks.size() > 1 || !tasks.get(0).open()) {
            return new Reply(speaker).sure(delete, new Intent.Show(Map.of(), "", null), tasks, tasks.size());
        }
        return delete
                ? ask(tasks.get(0), new Intent.Delete(one(tasks.get(0))), "", Intent.Delete.class::isInstance)
                : ask(tasks.get(0), one(tasks.get(0)), "", Intent.Complete.class::isInstance);
    }

    private Intent skip(JsonNode wanted) {
        var task = open(wanted);
        if (task.recurrence() == null) {
            throw wrong("it does not recur");
        }
        return ask(task, new Intent.Skip(one(task)), "", Intent.Skip.class::isInstance);
    }

    private Intent move(JsonNode wanted) {
        var task = open(wanted);
        var list = wanted.has("list") ? list(wanted.path("list").asText()) : null;
        var date = wanted.has("date") ? LocalDate.parse(wanted.path("date").asText()) : null;
        var time = wanted.has("time") ? LocalTime.parse(wanted.path("time").asText()) : null;
        if ((list == null) == (date == null && time == null)) {
            throw wrong("it moves a task in time or to another list");
        }
        var to = list != null
                ? ""
                : date != null
                        ? IntentParser.written(language(), new Due(date, time))
                        : IntentParser.CLOCK.format(Objects.requireNonNull(time));
        var shown = list != null
                ? language().say("in-list", "list", list.name())
                : date != null ? due(new Reply(speaker).due(new Due(date, time))) : to;
        return ask(
                task,
                new Intent.Move(one(task), date, time, null, list, to),
                shown,
                it -> it instanceof Intent.Move move
                        && Objects.equals(move.date(), date)
                        && Objects.equals(move.time(), time)
                        && Objects.equals(move.list(), list));
    }

    private Intent snooze(JsonNode wanted) {
        var task = open(wanted);
        var said = Due.parse(wanted.path("until").asText());
        var until = new Due(said.date(), said.time() == null ? IntentParser.MORNING : said.time());
        return ask(
                task,
                new Intent.Snooze(
                        one(task),
                        null,
                        until,
                        language().say("until", "day", IntentParser.written(language(), until))),
                new Reply(speaker).due(until),
                it -> it instanceof Intent.Snooze snooze && until.equals(snooze.until()));
    }

    private Intent share(JsonNode wanted) {
        var role = wanted.path("role").asText();
        var user = wanted.path("user").asText();
        var share =
                new Intent.Share(list(wanted.path("list").asText()), List.of(user), role.equals("none") ? null : role);
        var deed = share.role() == null ? "unshare" : "share-" + role;
        if (!UserName.fits(user)) {
            throw wrong("there is no such user");
        }
        return ask(
                language().say("wish-" + deed, Map.of("list", share.list().name(), "user", user)),
                language().say(deed, Map.of("list", share.list().id(), "user", user)),
                share::equals);
    }

    /** @param shown where to, for the question */
    private Intent.Unclear ask(Task task, Intent.ToOne wish, String shown, Predicate<Intent> means) {
        return ask(
                language().say("wish-" + wish.deed(), Map.of("title", task.title(), "to", shown)),
                wish.say(language(), language().say("task-itself", "task", task.id())),
                it -> means.test(it)
                        && it instanceof Intent.ToOne one
                        && one.one().id().equals(task.id()));
    }

    /** The question before anything is done: yes is a sentence that means just this. */
    private Intent.Unclear ask(String question, String sentence, Predicate<Intent> means) {
        if (!means.test(Understanding.of(sentence, speaker).intent())) {
            throw wrong("no sentence says it");
        }
        return new Intent.Unclear(
                question,
                List.of(new Choice(sentence, say("yes-label")), new Choice(say("no"), say("no-label"))),
                null);
    }

    private static Intent.Complete one(Task task) {
        return new Intent.Complete(task.id(), null);
    }

    private Task open(JsonNode wanted) {
        var task = seen(wanted.path("task").asText());
        if (!task.open()) {
            throw wrong("it is completed");
        }
        return task;
    }

    private Task seen(String id) {
        var task = seen.get(id);
        if (task == null) {
            throw wrong("it was told of no such task");
        }
        return task;
    }

    private ListName list(String name) {
        var called = speaker.knownLists().called(name);
        if (called.size() != 1) {
            throw wrong("there is no one list of that name");
        }
        return called.get(0);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private String due(String when) {
        return language().say("due", "due", when);
    }

    private String say(String what) {
        return language().say(what);
    }

    private Language language() {
        return speaker.language();
    }
}
