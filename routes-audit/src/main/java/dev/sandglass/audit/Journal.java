package dev.sandglass.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.audit.domain.Entry;
import dev.sandglass.audit.domain.Kept;
import dev.sandglass.audit.domain.Mention;
import dev.sandglass.audit.domain.Place;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Follower;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.camel.Body;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What is kept of every change, in the state store. Nothing in it is ever replaced or deleted. */
@Singleton
@Named("journal")
public class Journal {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    /** An entry may have 100 kB, and a sidecar answers with 4 MiB at most. */
    private static final int ENTRIES_PER_READ = 32;

    private final Dapr dapr;
    private final Follower follower;
    private final Counter alarms;

    /**
     * How many changes of a task were kept: {@code history/<task>}; they are {@code history/<task>/1} to {@code n}. Not by their
     * version, since a deletion need not have one of its own.
     */
    record History(int v, long n) {}

    Journal(Dapr dapr, MeterRegistry meters) {
        this.dapr = dapr;
        this.follower = Follower.exactly(dapr, this::entries);
        this.alarms = Counter.builder("sandglass.audit.alarms")
                .description("Changes that are not what was kept under their number")
                .register(meters);
    }

    // ---------------------------------------------------------------- Keeping

    /**
     * Keeps the change of an event, and those before it that were missed. Once more is harmless; another change under the same number
     * is an alarm.
     *
     * @param data the event's data, JSON
     * @throws IllegalArgumentException when it is not a change, or its hash is not that of what it says
     * @throws dev.sandglass.support.Unavailable while the state store, or <em>task</em> when it is needed, is away
     */
    public void keep(@Body String data) {
        JsonNode change = Json.read(data, JsonNode.class);
        Kept heard = Kept.of(change);
        Entry entry = heard.entry();
        follower.take(change);
        Stored kept = dapr.read(key(new Place(entry.list(), entry.seq())));
        if (kept.absent()) {
            alarm("an event says %s, which the ledger does not have", kept.key());
        } else if (!kept.as(Kept.class).sameAs(heard)) {
            alarm("an event is not what was kept as %s; what was kept stays", kept.key());
        }
    }

    /** Fetches what was missed of all lists. */
    public void catchUp() {
        follower.catchUp();
    }

    /** Fetches what was missed of a list up to a number. */
    void catchUpWith(String list, long seq) {
        follower.catchUp(list, seq);
    }

    /**
     * What is written with the cursor. It runs again after an unknown outcome, but only with changes above the cursor, so that what
     * is there already was put there by somebody else: it is compared and stays, and the list goes on.
     */
    private Transaction entries(String list, List<JsonNode> changes) {
        List<String> keys = new ArrayList<>();
        Map<String, Long> kept = new TreeMap<>();
        for (JsonNode change : changes) {
            keys.add(key(place(list, change)));
            if (change.hasNonNull("task")) {
                kept.put(historyKey(task(change)), 0L);
            }
        }
        keys.addAll(kept.keySet());
        Map<String, Stored> found = dapr.read(keys);
        kept.replaceAll((key, none) -> count(found.get(key)));

        Transaction created = new Transaction();
        Map<String, Long> more = new TreeMap<>();
        for (JsonNode change : changes) {
            Place place = place(list, change);
            Kept entry = Kept.asItCame(change);
            Stored there = found.get(key(place));
            if (there != null && !there.absent()) {
                if (!there.as(Kept.class).sameAs(entry)) {
                    alarm("%s was there before its change came, and is another; what was there stays", there.key());
                }
                continue;
            }
            created.create(key(place), entry);
            if (change.hasNonNull("task")) {
                String history = historyKey(task(change));
                long n = more.getOrDefault(history, kept.getOrDefault(history, 0L)) + 1;
                more.put(history, n);
                created.create(history + "/" + n, Mention.of(list, change));
            }
        }
        // A task that moved has its changes in two lists, so the count is what two transactions may meet at: sorted,
        // and first.
        Transaction counted = new Transaction();
        more.forEach((key, n) -> counted.replace(
                Objects.requireNonNullElse(found.get(key), new Stored(key, null, null)), new History(1, n)));
        return counted.addAll(created);
    }

    private void alarm(String format, String key) {
        alarms.increment();
        LOG.errorf("ALARM: " + format, key);
    }

    // ---------------------------------------------------------------- Reading

    /** How far each of the lists was followed. */
    Map<String, Long> followed(Collection<String> lists) {
        return follower.followed(lists);
    }

    /** What is kept at these places. */
    Map<Place, Kept> read(Collection<Place> places) {
        Map<Place, Kept> kept = new HashMap<>();
        List<Place> all = List.copyOf(places);
        for (int from = 0; from < all.size(); from += ENTRIES_PER_READ) {
            List<Place> some = all.subList(from, Math.min(all.size(), from + ENTRIES_PER_READ));
            Map<String, Stored> found =
                    dapr.read(some.stream().map(Journal::key).toList());
            for (Place place : some) {
                Stored stored = found.get(key(place));
                if (stored != null && !stored.absent()) {
                    kept.put(place, stored.as(Kept.class));
                }
            }
        }
        return kept;
    }

    /** The entries at these places that can be read. */
    Map<Place, Entry> entriesAt(Collection<Place> places) {
        Map<Place, Entry> entries = new HashMap<>();
        read(places).forEach((place, kept) -> {
            try {
                entries.put(place, kept.entry());
            } catch (IllegalArgumentException e) {
                LOG.warnf("%s cannot be shown: %s", key(place), e.getMessage());
            }
        });
        return entries;
    }

    /** The changes of a task over all lists it was in, oldest first. */
    List<Entry> history(String task) {
        String key = historyKey(task);
        long n = count(dapr.read(key));
        List<Place> places =
                dapr
                        .read(LongStream.rangeClosed(1, n)
                                .mapToObj(i -> key + "/" + i)
                                .toList())
                        .values()
                        .stream()
                        .filter(stored -> !stored.absent())
                        .map(stored -> stored.as(Mention.class))
                        .sorted(Mention.OLDEST_FIRST)
                        .map(mention -> new Place(mention.list(), mention.seq()))
                        .toList();
        Map<Place, Entry> entries = entriesAt(places);
        return places.stream().map(entries::get).filter(Objects::nonNull).toList();
    }

    private static long count(@Nullable Stored history) {
        return history == null || history.absent() ? 0 : history.as(History.class).n;
    }

    private static Place place(String list, JsonNode change) {
        return new Place(list, change.path("seq").asLong());
    }

    private static String task(JsonNode change) {
        return change.path("task").path("id").asText();
    }

    private static String historyKey(String task) {
        return "history/" + task;
    }

    private static String key(Place place) {
        return "entry/" + place.list() + "/" + place.seq();
    }
}
