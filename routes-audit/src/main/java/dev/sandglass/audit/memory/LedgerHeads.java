package dev.sandglass.audit.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.audit.domain.KeepChanges;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Heard;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** How far lists were followed when their numbers were compared last: what has not moved since costs nothing. */
@Singleton
@Named("ledgerHeads")
public class LedgerHeads {
    private static final int LISTS_AT_ONCE = 100;

    private final Map<String, Long> followed = new ConcurrentHashMap<>();

    /**
     * @param answer {@code {"heads":{"<list>":seq}}}
     * @return the lists that moved, some at a time: list to number
     */
    public List<Map<String, Long>> moved(@Body String answer) {
        List<Map<String, Long>> groups = new ArrayList<>();
        Map<String, Long> group = new java.util.TreeMap<>();
        for (Map.Entry<String, JsonNode> head :
                Json.read(answer, JsonNode.class).path("heads").properties()) {
            if (followed.getOrDefault(head.getKey(), 0L) < head.getValue().asLong()) {
                group.put(head.getKey(), head.getValue().asLong());
                if (group.size() == LISTS_AT_ONCE) {
                    groups.add(group);
                    group = new java.util.TreeMap<>();
                }
            }
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    public static Heard<List<String>> heard(@Body Map<String, Long> moved) {
        Heard<List<String>> heard = new Heard<>(new KeepChanges());
        moved.forEach(heard::upTo);
        return heard;
    }

    public void followed(@ExchangeProperty("moved") Map<String, Long> moved) {
        followed.putAll(moved);
    }
}
