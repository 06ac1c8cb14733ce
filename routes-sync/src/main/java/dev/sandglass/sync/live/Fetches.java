package dev.sandglass.sync.live;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** One fetch per list at a time, however many sockets ask: the others wait for it, none of them on a thread. */
@Singleton
@Named("fetches")
public class Fetches {
    private final Sockets sockets;
    /** By list under way, those that wait behind. */
    private final Map<String, List<Replay>> underWay = new HashMap<>();

    Fetches(Sockets sockets) {
        this.sockets = sockets;
    }

    /** Whether it is this one's turn to fetch; otherwise it has its answer with that of who does. */
    public boolean begin(@ExchangeProperty("replay") Replay replay) {
        synchronized (underWay) {
            List<Replay> behind = underWay.get(replay.list());
            if (behind == null) {
                underWay.put(replay.list(), new ArrayList<>());
                return true;
            }
            return !behind.add(replay);
        }
    }

    /** What was fetched is for all who wait; whoever goes further back asks again, the furthest first. */
    public void done(@ExchangeProperty("replay") Replay replay, @ExchangeProperty("past") @Nullable Past past) {
        List<Replay> behind = end(replay);
        sockets.answer(replay, past);
        for (Replay one : behind) {
            sockets.answer(one, past != null && past.reaches(one.after()) ? past : null);
        }
    }

    /** The ledger does not keep what was asked for, nor what is before it; perhaps what is behind it. */
    public void tooOld(@ExchangeProperty("replay") Replay replay) {
        List<Replay> behind = end(replay);
        sockets.answerTooOld(replay);
        for (Replay one : behind) {
            if (one.after() <= replay.after()) {
                sockets.answerTooOld(one);
            } else {
                sockets.answer(one, null);
            }
        }
    }

    /** The ledger cannot be asked now. */
    public void failed(@ExchangeProperty("replay") Replay replay) {
        List<Replay> behind = end(replay);
        sockets.answerNothing(replay);
        behind.forEach(sockets::answerNothing);
    }

    private List<Replay> end(Replay replay) {
        synchronized (underWay) {
            List<Replay> behind = Objects.requireNonNull(underWay.remove(replay.list()));
            behind.sort(Comparator.comparingLong(Replay::after));
            return behind;
        }
    }
}
