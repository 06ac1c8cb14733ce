package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task of which only what matters is said. */
public final class Sample {
    private String id;
    private String title = "A task";
    private String description = "";
    private String list = "l";
    private Priority priority = Priority.MEDIUM;
    private List<String> tags = List.of();
    private Status status = Status.OPEN;
    private Due due;
    private ZoneId zone = ZoneId.of("Europe/Warsaw");
    private Instant created = Instant.parse("2027-01-01T00:00:00Z");
    private Instant updated;
    private Instant completed;
    private String recurrence;
    private Recurrence.From recurFrom = Recurrence.From.SCHEDULE;
    private Workdays workdays = Workdays.AS_IS;
    private List<String> reminders = List.of();
    private @Nullable Nag nag;

    public Sample(String id) {
        this.id = id;
    }

    /** Its id is made of its list's and that number. */
    Sample numbered(int number) {
        id = list + "." + number;
        return this;
    }

    public Sample title(String title) {
        this.title = title;
        return this;
    }

    Sample description(String description) {
        this.description = description;
        return this;
    }

    /** The page that a search finds in these tasks. */
    static Page find(Finding finding, Collection<Findable> tasks, Instant now) {
        Optional<Task> last = finding.behind()
                .flatMap(id -> tasks.stream()
                        .map(Findable::task)
                        .filter(task -> task.id().equals(id))
                        .findFirst());
        Search search = finding.search(now, last, Map.of("l", "Household"));
        tasks.stream().filter(task -> finding.looksInto(task.task().list())).forEach(search::see);
        return search.page();
    }

    public Sample list(String list) {
        this.list = list;
        return this;
    }

    public Sample priority(Priority priority) {
        this.priority = priority;
        return this;
    }

    public Sample tags(String... tags) {
        this.tags = List.of(tags);
        return this;
    }

    Sample status(Status status) {
        this.status = status;
        return this;
    }

    public Sample due(String due) {
        this.due = due == null ? null : Due.parse(due);
        return this;
    }

    Sample zone(String zone) {
        this.zone = ZoneId.of(zone);
        return this;
    }

    Sample created(String created) {
        this.created = Instant.parse(created);
        return this;
    }

    Sample updated(Instant updated) {
        this.updated = updated;
        return this;
    }

    /** Done at that instant; null: open. */
    Sample completed(Instant completed) {
        this.completed = completed;
        return status(completed == null ? Status.OPEN : Status.COMPLETED);
    }

    public Sample recurrence(String recurrence) {
        this.recurrence = recurrence;
        return this;
    }

    public Sample recurFrom(Recurrence.From recurFrom) {
        this.recurFrom = recurFrom;
        return this;
    }

    public Sample workdays(Workdays workdays) {
        this.workdays = workdays;
        return this;
    }

    public Sample nag(@Nullable String every) {
        nag = every == null ? null : Nag.parse(every);
        return this;
    }

    public Sample reminders(List<String> reminders) {
        this.reminders = reminders;
        return this;
    }

    public Task task() {
        return new Task(
                id,
                list,
                title,
                description,
                priority,
                tags,
                status,
                due,
                zone,
                due == null ? null : due.at(zone),
                false,
                recurrence,
                recurFrom,
                workdays,
                reminders,
                nag,
                id,
                1,
                1,
                created,
                "alice",
                updated == null ? created : updated,
                completed,
                Map.of());
    }
}
