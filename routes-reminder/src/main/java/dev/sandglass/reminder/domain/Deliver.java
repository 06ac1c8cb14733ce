package dev.sandglass.reminder.domain;

import dev.sandglass.support.domain.Keyed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Events of many firings, each under its list, and what it means for each that the broker took them or did not. */
public final class Deliver {
    private Deliver() {}

    public static List<Alarm> alarms(List<Firing> firings) {
        return firings.stream().map(Firing::alarm).toList();
    }

    /** The events that are to be told, in the order of the firings that are worded. */
    public static List<Keyed> due(List<Firing> firings) {
        return firings.stream()
                .filter(Firing::isWorded)
                .map(firing -> new Keyed(firing.getKey(), Objects.requireNonNull(firing.words())))
                .toList();
    }

    /**
     * Delivers what is due.
     *
     * @param doubtful places among the events of {@link #due} that the broker may not have: these are as if they had not been tried
     */
    public static List<Firing> delivered(List<Firing> firings, Set<Integer> doubtful, Instant now) {
        return each(
                firings,
                Firing::isWorded,
                doubtful,
                Firing::postponed,
                firing -> firing.isDue() ? firing.delivered(now) : firing);
    }

    /** How firings ended, as events, in the order of those that are over. */
    public static List<Keyed> outcomes(List<Firing> firings) {
        return firings.stream()
                .filter(Firing::isOver)
                .map(firing -> new Keyed(firing.getKey(), firing.outcomeEvent()))
                .toList();
    }

    /**
     * Has those still be told, and not be handed over again, whose news the broker may not have.
     *
     * @param doubtful places among the events of {@link #outcomes}
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
        int place = 0;
        for (Firing firing : firings) {
            boolean in = out.test(firing) && doubtful.contains(place++);
            all.add(in ? ifDoubtful.apply(firing) : otherwise.apply(firing));
        }
        return all;
    }
}
