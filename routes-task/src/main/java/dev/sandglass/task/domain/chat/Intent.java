package dev.sandglass.task.domain.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The request that a sentence makes. */
public sealed interface Intent {
    /** Its name for routes: the end of the name of the one that does it. */
    default String asks() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Something that is done to a task that is named by words of its title. */
    sealed interface ToOne extends Intent {
        /** The task. */
        Complete one();

        /** The same of a task that is named by its id. */
        default String say(Language language, String task) {
            return language.say(deed(), "task", task);
        }

        /** The question where several match; an ending of names of texts. */
        String deed();

        /** Tells if only a task that recurs can be meant. */
        default boolean ofRecurring() {
            return false;
        }

        @Override
        default String asks() {
            return "change";
        }
    }

    /** Something that is done to one task, or to each of several. */
    sealed interface ToEach extends ToOne {}

    /**
     * A task to be made.
     *
     * @param title 1 to 500 characters, in the words and case of the sentence
     * @param due in the zone of the {@code now} that was given
     * @param priority null: not said
     * @param recurrence as the contract takes it; there is a due date then
     * @param recurFrom null: not said
     * @param workdays as the contract takes it; there is a recurrence then; null: not said
     * @param reminders as the contract takes them; a due date is there if one of them needs it
     * @param nag as the contract takes it; there is a reminder then; null: not said
     * @param list null: not said
     */
    record Add(
            String title,
            @Nullable Due due,
            @Nullable Priority priority,
            List<String> tags,
            @Nullable String recurrence,
            Recurrence.@Nullable From recurFrom,
            @Nullable String workdays,
            List<String> reminders,
            @Nullable String nag,
            @Nullable ListName list)
            implements Intent {
        public Add {
            tags = List.copyOf(tags);
            reminders = List.copyOf(reminders);
        }

        /** The body of {@code POST /api/tasks}, with what was said and nothing else. */
        public ObjectNode body() {
            ObjectNode body = Json.tree(this);
            body.properties()
                    .removeIf(it -> it.getValue().isNull()
                            || (it.getValue().isArray() && it.getValue().isEmpty()));
            return list == null ? body : body.put("list", list.id());
        }
    }

    /** Several tasks to be made. */
    record AddAll(List<Add> tasks) implements Intent {
        public AddAll {
            tasks = List.copyOf(tasks);
        }

        @Override
        public String asks() {
            return "add-all";
        }
    }

    /**
     * Tasks to be found.
     *
     * @param query the parameters of {@code GET /api/tasks}
     * @param what the same in words, for a reply after "3 tasks": {@code due this week}, {@code with #home}
     * @param otherwise the sentence, where it may as well name something to be done: "find a plumber"; null: it asks
     */
    record Show(
            SortedMap<String, String> query,
            String what,
            @Nullable String otherwise) implements Intent {
        public Show(Map<String, String> query, String what, @Nullable String otherwise) {
            this(new TreeMap<>(query), what, otherwise);
        }
    }

    /**
     * An open task to be completed.
     *
     * @param words of its title, or {@code task} and its id
     * @param otherwise the sentence, where it may as well name something to be done; null: it is a command for sure
     * @param within the lists that it may be in; none: any
     * @param parts “milk” and “bread”, where no title has “milk and bread”; none: it names one task
     */
    record Complete(String words, @Nullable String otherwise, List<ListName> within, List<String> parts)
            implements ToEach {
        private static final Pattern SMALL_WORDS = Pattern.compile("^(?:the|my|a|an) ");

        public Complete {
            within = List.copyOf(within);
            parts = List.copyOf(parts);
        }

        public Complete(String words, @Nullable String otherwise) {
            this(words, otherwise, List.of(), List.of());
        }

        /** Each of several that it may name. */
        public List<Complete> each() {
            return parts.stream()
                    .map(it -> new Complete(it, otherwise, within, List.of()))
                    .toList();
        }

        /** The same in a sentence: it is read as just this. */
        String said(Language language) {
            var quoted = parts.isEmpty()
                    ? Quotes.around(words)
                    : parts.stream().map(Quotes::around).collect(Collectors.joining(" " + language.say("and") + " "));
            return within.isEmpty()
                    ? quoted
                    : quoted + " "
                            + language.say(
                                    "list",
                                    "list",
                                    within.size() == 1
                                            ? within.get(0).id()
                                            : within.get(0).name());
        }

        /** The same in a label. */
        String shown(Language language) {
            var quoted = language.say("quoted", "title", words);
            return within.isEmpty()
                    ? quoted
                    : quoted + " "
                            + language.say("in-list", "list", within.get(0).name());
        }

        /**
         * The open tasks it may mean: the one with that id; else those with exactly that title; else those whose title
         * has every word as part of a word.
         *
         * @param fold how search compares texts
         */
        public List<Task> among(List<Task> open, UnaryOperator<String> fold) {
            var named = open.stream().filter(it -> it.id().equals(id())).toList();
            if (!named.isEmpty()) {
                return named;
            }
            var same = open.stream().filter(it -> isTitleOf(it, fold)).toList();
            var said = List.of(title(fold).split("\\s+"));
            return !same.isEmpty()
                    ? same
                    : open.stream()
                            .filter(it -> said.stream().allMatch(fold.apply(it.title())::contains))
                            .toList();
        }

        @Override
        public Complete one() {
            return this;
        }

        @Override
        public String deed() {
            return "done";
        }

        /** The id that it may name a task by. */
        public String id() {
            return words.substring(words.lastIndexOf(' ') + 1);
        }

        /** The words that the title has otherwise. */
        public String title(UnaryOperator<String> fold) {
            return SMALL_WORDS.matcher(fold.apply(words).strip()).replaceFirst("");
        }

        /** Tells if a task has exactly that title. */
        public boolean isTitleOf(Task task, UnaryOperator<String> fold) {
            return fold.apply(task.title()).strip().equals(title(fold));
        }

        /** The task, where only one can be meant: nothing is completed on a guess. */
        public Optional<Task> meant(List<Task> matching, UnaryOperator<String> fold) {
            return matching.size() == 1
                            && (otherwise == null
                                    || matching.get(0).id().equals(id())
                                    || fold.apply(matching.get(0).title())
                                            .strip()
                                            .equals(fold.apply(words).strip()))
                    ? Optional.of(matching.get(0))
                    : Optional.empty();
        }
    }

    /** The last thing the user did to tasks is to be taken back. */
    record Undo() implements Intent {}

    /**
     * An open recurring task, a date of which is to be left out.
     *
     * @param one the task that is meant; otherwise the sentence names something to be done
     */
    record Skip(Complete one) implements ToOne {
        @Override
        public String deed() {
            return "skip";
        }

        @Override
        public boolean ofRecurring() {
            return true;
        }
    }

    /** An open recurring task that is to come no more once it is done. */
    record End(Complete one) implements ToOne {
        @Override
        public String deed() {
            return "end";
        }

        @Override
        public boolean ofRecurring() {
            return true;
        }
    }

    /** An open task to be deleted. */
    record Delete(Complete one) implements ToEach {
        @Override
        public String deed() {
            return "delete";
        }
    }

    /**
     * An open task to be due at another time, or to be in another list.
     *
     * @param date null: the day it has
     * @param time null: the time it has
     * @param by how much later than it is due, below zero, earlier; null: as the others say
     * @param list null: the list it is in
     * @param to where, in the words of the sentence; of a list, when
     */
    record Move(
            Complete one,
            @Nullable LocalDate date,
            @Nullable LocalTime time,
            @Nullable TemporalAmount by,
            @Nullable ListName list,
            String to)
            implements ToEach {
        /** Tells if it stays due when it is. */
        boolean isOfList() {
            return list != null && date == null && time == null;
        }

        @Override
        public String say(Language language, String task) {
            return language.say(
                    by == null ? "move" : "move-by",
                    Map.of(
                            "task",
                            task,
                            "to",
                            list == null ? to : (language.say("list-itself", "list", list.id()) + " " + to).strip()));
        }

        @Override
        public String deed() {
            return "move";
        }
    }

    /**
     * An open task of which its reminder is put off.
     *
     * @param period from now on, as the contract takes it
     * @param until null where there is a period
     * @param to how long, in the words of the sentence
     */
    record Snooze(
            Complete one, @Nullable String period, @Nullable Due until, String to) implements ToOne {
        @Override
        public String say(Language language, String task) {
            return language.say("snooze", Map.of("task", task, "to", to));
        }

        @Override
        public String deed() {
            return "snooze";
        }

        @Override
        public String asks() {
            return "snooze";
        }
    }

    /** Tasks that are found, to be completed or deleted once that was confirmed. */
    record Several(boolean delete, Show which) implements Intent {
        @Override
        public String asks() {
            return "show";
        }
    }

    /**
     * Tasks that are named by their ids.
     *
     * @param deed the task in it does not count
     */
    record All(ToEach deed, List<String> tasks) implements Intent {
        public All {
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * A list to be shared with some users, or not any more.
     *
     * @param role as the contract takes it; null: they are to be in it no longer
     */
    record Share(
            ListName list, List<String> users, @Nullable String role) implements Intent {
        public Share {
            users = List.copyOf(users);
        }

        /** The users in a sentence. */
        String named(Language language) {
            var last = users.get(users.size() - 1);
            return users.size() == 1
                    ? last
                    : String.join(", ", users.subList(0, users.size() - 1)) + " " + language.say("and") + " " + last;
        }
    }

    /** It depends on the names of the user's lists, which are not known yet. */
    record KnowLists() implements Intent {}

    /**
     * A question that the user must answer before anything is done.
     *
     * @param about as in {@link PendingQuestion}
     */
    record Unclear(
            String question, List<Choice> choices, @Nullable String about) implements Intent {
        public Unclear {
            choices = List.copyOf(choices);
        }

        @Override
        public String asks() {
            return "ask";
        }

        public PendingQuestion pending() {
            return new PendingQuestion(about, choices);
        }
    }
}
