package dev.sandglass.reminder.domain;

import dev.sandglass.support.domain.Keyed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The events of many firings, each under its list, and the state of each firing after the broker took its event or did not. */
public final class Deliver {
    private Deliver() {}

    public static List<Alarm> alarms(List<Firing> firings) {
        return firings.stream().map(Firing::alarm).toList();
    }

    /** The events to publish, in the order of the firings with words. */
    public static List<Keyed> due(List<Firing> firings) {
        return firings.stream()
                .filter(Firing::isWorded)
                .map(firing -> new Keyed(firing.getKey(), Objects.requireNonNull(firing.words())))
                .toList();
    }

    /**
     * Delivers the due firings.
     *
     * @param doubtful indices among the events of {@link #due} that the broker may not have: these count as not tried
     */
    public static List<Firing> delivered(List<Firing> firings, Set<Integer> doubtful, Instant now) {
        return each(
                firings,
                Firing::isWorded,
                doubtful,
                Firing::postponed,
                firing -> firing.isDue() ? firing.delivered(now) : firing);
    }

    /** The events about the ends of firings, in the order of the ended ones. */
    public static List<Keyed> outcomes(List<Firing> firings) {
        return firings.stream()
                .filter(Firing::isOver)
                .map(firing -> new Keyed(firing.getKey(), firing.outcomeEvent()))
                .toList();
    }

    /**
     * Marks firings whose end the broker may not have: their end is told again, but they are not handed over again.
     *
     * @param doubtful indices among the events of {@link #outcomes}
     */
    public static List<Firing> told(List<Firing> firings, Set<Integer> doubtful) {
        return each(firings, Firing::isOver, doubtful, Firing::untold, UnaryOperator.identity());
    }

    private static List<Firing> each(
            List<Firing> firings,
            Predicate<Firing> out,
            Set<Integer> doubtful,
            UnaryOperator<Firing> ifDoubtful,
            UnaryOperator<Firing> otherwise) {
        List<Firing> all = new ArrayList<>();
        int index = 0;
        for (Firing firing : firings) {
            boolean in = out.test(firing) && doubtful.contains(index++);
            all.add(in ? ifDoubtful.apply(firing) : otherwise.apply(firing));
        }
        return all;
    }
}
