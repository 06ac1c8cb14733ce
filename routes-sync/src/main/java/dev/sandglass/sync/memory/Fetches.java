package dev.sandglass.sync.memory;

import dev.sandglass.support.memory.Backlog;
import dev.sandglass.sync.domain.Past;
import dev.sandglass.sync.domain.Replay;
import dev.sandglass.sync.domain.ReplayAnswer;
import dev.sandglass.sync.domain.ReplayAnswer.What;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** One fetch per list at a time for all sockets that ask: the others wait for it, without a thread. */
@Singleton
@Named("fetches")
public class Fetches implements Backlog {
    private final BlockingQueue<Replay> first = new LinkedBlockingQueue<>();
    /** The requests that wait behind the first, by list. */
    private final Map<String, List<Replay>> behind = new HashMap<>();

    void add(Replay replay) {
        synchronized (behind) {
            List<Replay> others = behind.get(replay.list());
            if (others == null) {
                behind.put(replay.list(), new ArrayList<>());
                first.add(replay);
            } else {
                others.add(replay);
            }
        }
    }

    @Override
    public @Nullable Replay take(Duration longest) throws InterruptedException {
        return first.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Answers all who wait with the fetched changes; sockets that need older ones ask again, the oldest first. */
    public List<ReplayAnswer> done(
            @ExchangeProperty("replay") Replay replay, @ExchangeProperty("past") @Nullable Past past) {
        return end(replay).stream()
                .map(one -> ReplayAnswer.of(
                        one, past != null && (one.equals(replay) || past.reaches(one.after())) ? past : null))
                .toList();
    }

    /** The ledger no longer keeps these changes, nor older ones; it may keep later ones. */
    public List<ReplayAnswer> tooOld(@ExchangeProperty("replay") Replay replay) {
        return end(replay).stream()
                .map(one -> ReplayAnswer.of(one, one.after() <= replay.after() ? What.TOO_OLD : What.LOOK_AGAIN))
                .toList();
    }

    /** The ledger cannot be asked now. */
    public List<ReplayAnswer> failed(@ExchangeProperty("replay") Replay replay) {
        return end(replay).stream()
                .map(one -> ReplayAnswer.of(one, What.ASK_LATER))
                .toList();
    }

    private List<Replay> end(Replay replay) {
        List<Replay> all = new ArrayList<>(List.of(replay));
        synchronized (behind) {
            List<Replay> others = Objects.requireNonNull(behind.remove(replay.list()));
            others.sort(Comparator.comparingLong(Replay::after));
            all.addAll(others);
        }
        return all;
    }
}
