package dev.sandglass.task.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Draft;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.finding.Findable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lists in memory, for reading. Before each answer a view is brought up to date by the head and the changes since, so that a read
 * sees every write that was answered before it, on any replica. The least recently used views are forgotten.
 */
@Singleton
@Named("views")
public class Views {
    private final int mostTasks;
    private final Map<String, ListView> views = new ConcurrentHashMap<>();
    /** In all views together. */
    private final AtomicInteger tasks = new AtomicInteger();

    public Views(@ConfigProperty(name = "sandglass.task.view-tasks") int mostTasks) {
        this.mostTasks = mostTasks;
    }

    /** The view of each list, with how far it is behind the head. */
    public List<CatchUp> of(@Body List<Head> heads) {
        return heads.stream()
                .map(head -> {
                    ListView view = views.computeIfAbsent(head.id(), ListView::new);
                    view.use();
                    return new CatchUp(view, head);
                })
                .toList();
    }

    /** The tasks of views that are up to date. */
    public List<Findable> tasks(@ExchangeProperty("views") List<CatchUp> all) {
        List<Findable> visible = new ArrayList<>();
        all.forEach(view -> visible.addAll(view.tasks()));
        return visible;
    }

    /** The views that something must be read for. */
    public List<CatchUp> behind(@ExchangeProperty("views") List<CatchUp> all) {
        return all.stream().filter(CatchUp::isBehind).toList();
    }

    /** Waits until nobody else reads for the view, who may have read what is missing. */
    public void begin(@ExchangeProperty("catchUp") CatchUp catchUp) {
        ListView view = catchUp.view();
        view.turn.acquireUninterruptibly();
        synchronized (view) {
            catchUp.begin();
            tasks.addAndGet(view.grown());
        }
    }

    public void saw(@ExchangeProperty("catchUp") CatchUp catchUp, @Body Map<String, Stored> read) {
        ListView view = catchUp.view();
        synchronized (view) {
            catchUp.saw(read);
            tasks.addAndGet(view.grown());
        }
    }

    public void end(@ExchangeProperty("catchUp") CatchUp catchUp) {
        catchUp.view().turn.release();
        forgetBeyond();
    }

    /** Takes a change that this replica wrote, unless the view lacks one before it: so it need not be read again. */
    public void written(Draft.Recorded recorded) {
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
                tasks.addAndGet(view.grown());
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
