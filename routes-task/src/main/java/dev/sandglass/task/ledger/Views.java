package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.StoredChange;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lists in memory, for reading. Before each answer a view is brought up to date by the head and the changes since, so that a read
 * sees every write that was answered before it, on any replica. The least recently used views are forgotten.
 */
@Singleton
public class Views {
    private static final int PAGE = 1_000;

    private final Dapr dapr;
    private final int mostTasks;
    private final Map<String, ListView> views = new ConcurrentHashMap<>();
    /** In all views together. */
    private final AtomicInteger tasks = new AtomicInteger();

    Views(Dapr dapr, @ConfigProperty(name = "sandglass.task.view-tasks") int mostTasks) {
        this.dapr = dapr;
        this.mostTasks = mostTasks;
    }

    /**
     * The head of a list as it is now.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public Optional<Head> head(String list) {
        Stored stored = dapr.read(Keys.head(list));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(Head.class));
    }

    /**
     * The heads of lists as they are now.
     *
     * @return those that exist, in the order asked for
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public List<Head> heads(Collection<String> lists) {
        Map<String, Stored> stored = dapr.read(lists.stream().map(Keys::head).toList());
        return lists.stream()
                .map(list -> Objects.requireNonNull(stored.get(Keys.head(list))))
                .filter(head -> !head.absent())
                .map(head -> head.as(Head.class))
                .toList();
    }

    /**
     * A list as it is at least since the head given was read.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public ListView upTo(Head head) {
        ListView view = views.computeIfAbsent(head.id(), ListView::new);
        view.use();
        synchronized (view) {
            if (!view.loaded() || head.seq() - view.seq() > PAGE || view.seq() + 1 < head.first()) {
                load(view, head);
            } else if (view.seq() < head.seq()) {
                follow(view, head.seq());
            }
            tasks.addAndGet(view.grown());
        }
        forgetBeyond();
        return view;
    }

    /** What this replica wrote is known without reading it again, where the view stood right before it. */
    void written(Draft draft) {
        for (Draft.Recorded recorded : draft.changes()) {
            ListView view = views.get(recorded.change().list());
            if (view != null) {
                synchronized (view) {
                    if (view.loaded() && view.seq() == recorded.change().seq() - 1) {
                        if (recorded.task() != null) {
                            view.put(recorded.task());
                        }
                        view.reached(recorded.change().seq());
                        tasks.addAndGet(view.grown());
                    }
                }
            }
        }
    }

    /** How many tasks all views hold. */
    int size() {
        return tasks.get();
    }

    /** How many tasks of a list are held. */
    int held(String list) {
        ListView view = views.get(list);
        return view == null ? 0 : view.tasks().size();
    }

    private void load(ListView view, Head head) {
        view.clear();
        for (int from = 1; from <= head.tasks(); from += PAGE) {
            List<Integer> numbers = new ArrayList<>();
            for (int number = from; number <= head.tasks() && number < from + PAGE; number++) {
                numbers.add(number);
            }
            read(view, numbers);
        }
        view.reached(head.seq());
    }

    private void follow(ListView view, long seq) {
        List<String> keys = LongStream.rangeClosed(view.seq() + 1, seq)
                .mapToObj(number -> Keys.change(view.list(), number))
                .toList();
        Set<Integer> numbers = new HashSet<>();
        dapr.read(keys).values().stream()
                .filter(stored -> !stored.absent())
                .mapToInt(stored -> stored.as(StoredChange.class).number())
                .filter(number -> number > 0)
                .forEach(numbers::add);
        read(view, numbers);
        view.reached(seq);
    }

    private void read(ListView view, Collection<Integer> numbers) {
        List<String> keys =
                numbers.stream().map(number -> Keys.task(view.list(), number)).toList();
        for (Stored stored : dapr.read(keys).values()) {
            if (!stored.absent()) {
                view.put(stored.as(LedgerTask.class));
            }
        }
    }

    private void forgetBeyond() {
        while (tasks.get() > mostTasks && views.size() > 1) {
            ListView oldest = views.values().stream()
                    .min(Comparator.comparingLong(ListView::used))
                    .orElseThrow();
            views.remove(oldest.list(), oldest);
            synchronized (oldest) {
                tasks.addAndGet(-oldest.forgotten());
            }
        }
    }
}
