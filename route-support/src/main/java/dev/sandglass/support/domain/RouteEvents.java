package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The events that wait for an integrators' route: {@link QueueEvents} puts them there. */
public record RouteEvents(String name, int tries) implements EventQueue {
    @Override
    public String cursor() {
        return RouteQueue.out(name);
    }

    @Override
    public Set<String> keys() {
        return Set.of(RouteQueue.in(name));
    }

    @Override
    public OptionalLong next(Documents documents) {
        Stored in = documents.get(RouteQueue.in(name));
        return in.absent()
                ? OptionalLong.empty()
                : OptionalLong.of(in.as(RouteQueue.class).next());
    }

    @Override
    public String event(long n) {
        return RouteQueue.event(name, n);
    }

    @Override
    public String text(Stored event) {
        return event.as(String.class);
    }

    @Override
    public boolean isInOrder() {
        return false;
    }

    @Override
    public String to() {
        return "route";
    }

    @Override
    public String path() {
        return "hooks/" + name;
    }

    @Override
    public Set<String> kept() {
        return Set.of();
    }

    @Override
    public void write(Transaction transaction, Documents documents, List<Long> gone, List<Tried> tried) {
        gone.forEach(n -> transaction.delete(event(n)));
    }
}
