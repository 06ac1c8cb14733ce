package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Adds events to the queues of the routes that select them, to all or to none: so an event that fails and comes again does not fill the
 * other queues. Where it is unknown if they were written, they are written again. So events may come twice; routes are told of that.
 */
public record QueueEvents(SortedMap<String, EventSelector> routes, List<JsonNode> events)
        implements Decision<Set<String>> {

    /**
     * Adds one event to the queue of one route: a dead letter that is sent again.
     *
     * @throws IllegalArgumentException when there is no such route
     */
    public static Decision<Set<String>> again(String route, String event) {
        JsonNode one = Json.read(event, JsonNode.class);
        return documents -> {
            EventSelector known = RouteQueue.Registry.of(documents.get(RouteQueue.Registry.KEY))
                    .routes()
                    .get(route);
            if (known == null) {
                throw new IllegalArgumentException("there is no route " + route);
            }
            EventSelector any = new EventSelector(known.file(), known.topic(), List.of(), null, null);
            return new QueueEvents(new TreeMap<>(Map.of(route, any)), List.of(one)).on(documents);
        };
    }

    @Override
    public Set<String> keys() {
        return routes.keySet().stream().map(RouteQueue::in).collect(Collectors.toSet());
    }

    /** Answers the routes that got events. */
    @Override
    public Accepted<Set<String>> on(Documents documents) {
        Map<String, Stored> queues = documents.all(keys());
        Transaction heads = new Transaction();
        Transaction added = new Transaction();
        Set<String> to = new TreeSet<>();
        routes.forEach((route, selector) -> {
            Stored stored = Objects.requireNonNull(queues.get(RouteQueue.in(route)));
            List<JsonNode> some = events.stream().filter(selector::selects).toList();
            if (!stored.absent() && !some.isEmpty()) {
                long next = stored.as(RouteQueue.class).next();
                for (JsonNode event : some) {
                    // It is a text, since the store would change the order of an object's fields.
                    added.put(RouteQueue.event(route, next++), event.toString());
                }
                heads.replace(stored, new RouteQueue(1, next));
                to.add(route);
            }
        });
        return new Accepted<>(heads.addAll(added), to);
    }
}
