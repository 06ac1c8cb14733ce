package dev.sandglass.support.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;

/** The numbers up to which lists were followed at the last comparison: a list that has not moved since costs nothing. */
@Singleton
@Named("ledgerHeads")
public class LedgerHeads {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int LISTS_AT_ONCE = 100;

    private final Map<String, Long> followed = new ConcurrentHashMap<>();
    private final Set<String> alone = ConcurrentHashMap.newKeySet();

    /**
     * @param answer {@code {"heads":{"<list>":seq}}}
     * @return the lists that moved, in parts: list to number
     */
    public List<Map<String, Long>> moved(@Body String answer) {
        List<Map<String, Long>> groups = new ArrayList<>();
        Map<String, Long> group = new TreeMap<>();
        for (Map.Entry<String, JsonNode> head :
                Json.read(answer, JsonNode.class).path("heads").properties()) {
            long seq = head.getValue().asLong();
            if (followed.getOrDefault(head.getKey(), 0L) >= seq) {
                continue;
            }
            if (alone.contains(head.getKey())) {
                groups.add(Map.of(head.getKey(), seq));
                continue;
            }
            group.put(head.getKey(), seq);
            if (group.size() == LISTS_AT_ONCE) {
                groups.add(group);
                group = new TreeMap<>();
            }
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    public void followed(@ExchangeProperty("moved") Map<String, Long> moved) {
        followed.putAll(moved);
        alone.removeAll(moved.keySet());
    }

    /**
     * Lets lists that could not be followed together be followed one at a time after the next comparison: so a list that cannot be followed
     * does not hold up others.
     *
     * @throws Unavailable where a service that following needs is away
     */
    public void failed(
            @ExchangeProperty("moved") Map<String, Long> moved,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof Unavailable away) {
                throw away;
            }
        }
        LOG.errorf(reason, "lists cannot be followed%s: %s", moved.size() > 1 ? " together" : "", moved.keySet());
        alone.addAll(moved.keySet());
    }
}
