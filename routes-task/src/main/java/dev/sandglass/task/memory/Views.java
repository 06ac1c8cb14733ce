package dev.sandglass.task.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.Patience;
import dev.sandglass.task.domain.Batch;
import dev.sandglass.task.domain.Draft;
import dev.sandglass.task.domain.Extent;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Onlooker;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Lists in memory, for reading. Before each answer a view is brought up to date by the head and the changes since, so that a read
 * sees every write that was answered before it, on any replica. The least recently used views are forgotten; a list that is larger than
 * all views may be is read for each search.
 */
@Singleton
@Named("views")
public class Views {
    /**
     * There is one character for so many bytes of the heap: it takes up to two, so this is half of it. A list of 100,000 short tasks, the
     * most there are in one, has room.
     */
    private static final int SHARE = 4;

    /** Keys of tasks that may be under way from the store at once: 12 MB at most. */
    private static final int KEYS_AT_ONCE = 2 * CatchUp.PAGE;

    private final long most;
    private final Map<String, ListView> views = new ConcurrentHashMap<>();
    /** Characters of all views together. */
    private final AtomicLong weight = new AtomicLong();

    private final Semaphore reads = new Semaphore(KEYS_AT_ONCE, true);

    @Inject
    Views() {
        this(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** @param most characters of all views together */
    public Views(long most) {
        this.most = most;
    }

    /** Shows a search the views that are up to date; @return those that something must be read for */
    public List<CatchUp> search(@Body List<Extent> lists, @ExchangeProperty("search") Onlooker search) {
        List<CatchUp> behind = new ArrayList<>();
        for (Extent list : lists) {
            ListView view = views.get(list.list());
            Optional<Collection<Findable>> tasks = view == null ? Optional.empty() : view.tasks(list.seq());
            if (view != null) {
                view.use();
            }
            tasks.ifPresentOrElse(all -> all.forEach(search::see), () -> behind.add(new CatchUp(list, search)));
        }
        return behind;
    }

    /**
     * Waits until nobody else reads for the view, who may have read what is missing.
     *
     * @throws Rejection NOT_NOW where that takes longer than a question may
     */
    public void begin(@ExchangeProperty("catchUp") CatchUp catchUp) {
        ListView view = enter(catchUp.list());
        synchronized (view) {
            catchUp.begin(view);
            weight.addAndGet(view.grown());
        }
    }

    private ListView enter(String list) {
        Patience patience = patience();
        while (true) {
            ListView view = views.computeIfAbsent(list, ListView::new);
            patience.enter(view.turn);
            if (views.get(list) == view) {
                view.use();
                return view;
            }
            // Forgotten meanwhile.
            view.turn.release();
        }
    }

    private static Patience patience() {
        return Patience.forAQuestion("Too much is read for others at once; try again");
    }

    /**
     * The keys to read next, when there is room for what lies there.
     *
     * @throws Rejection NOT_NOW where that takes longer than a question may
     */
    public List<String> wanted(@ExchangeProperty("catchUp") CatchUp catchUp) {
        // Each page has a time of its own: a list that is long would never be read to its end among others.
        catchUp.enter(reads, patience());
        return catchUp.wanted();
    }

    public void saw(@ExchangeProperty("catchUp") CatchUp catchUp, @Body Map<String, Stored> read) {
        ListView view = catchUp.view();
        synchronized (view) {
            catchUp.saw(read);
            weight.addAndGet(view.grown());
        }
        catchUp.leave(reads);
        makeRoom();
        if (weight.get() > most && catchUp.holds()) {
            synchronized (view) {
                catchUp.letGo();
                weight.addAndGet(view.grown());
            }
        }
    }

    /** Shows the search what was read. */
    public void show(@ExchangeProperty("catchUp") CatchUp catchUp) {
        catchUp.search();
    }

    public void end(@ExchangeProperty("catchUp") CatchUp catchUp) {
        catchUp.leave(reads);
        catchUp.view().turn.release();
    }

    /** Takes changes that this replica wrote, unless the view lacks one before them: so they need not be read again. */
    public void written(@Body Batch.Decided decided) {
        decided.written().forEach(this::written);
    }

    private void written(Draft.Recorded recorded) {
        long seq = recorded.change().seq();
        ListView view = views.get(recorded.change().list());
        if (view == null) {
            return;
        }
        synchronized (view) {
            if (view.loaded() && view.seq() == seq - 1) {
                if (recorded.task() != null) {
                    view.put(recorded.task());
                }
                view.reached(seq);
                weight.addAndGet(view.grown());
            }
        }
        makeRoom();
    }

    /** Forgets what nobody reads for now. */
    private void makeRoom() {
        while (weight.get() > most) {
            Optional<ListView> oldest = views.values().stream()
                    .filter(view -> view.turn.availablePermits() > 0)
                    .min(Comparator.comparingLong(ListView::used));
            if (oldest.isEmpty()) {
                return;
            }
            forget(oldest.get());
        }
    }

    private void forget(ListView view) {
        if (view.turn.tryAcquire()) {
            views.remove(view.list, view);
            synchronized (view) {
                weight.addAndGet(-view.forgotten());
            }
            view.turn.release();
        }
    }
}
