package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.SidecarDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Documents;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes many tasks or lists by the ledger's own drafts, a hundred changes in a transaction, where the API would take one. In the
 * domain's package: a draft is not for others. The relay finds what was left behind, as after a crash, and brings it to Kafka.
 */
public final class BulkLoad {
    /** Titles and tags are made of these. */
    public static final List<String> WORDS = List.of(
            "rent",
            "water",
            "plants",
            "report",
            "invoice",
            "dentist",
            "milk",
            "bread",
            "train",
            "letter",
            "garden",
            "window",
            "battery",
            "holiday",
            "passport",
            "garage",
            "kitchen",
            "doctor",
            "school",
            "market");

    private static final int AT_ONCE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PAUSE_MILLIS = 100;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Dapr dapr;

    private BulkLoad(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * @param grpcPort of <em>task</em>'s sidecar
     * @param token the sidecar's
     */
    public static BulkLoad through(String grpcPort, String token) {
        // As the service itself is told: the SDK's own properties.
        System.setProperty("dapr.grpc.port", grpcPort);
        System.setProperty("dapr.api.token", token);
        return new BulkLoad(new SidecarDapr(LIMIT, LIMIT, LIMIT, 0, token));
    }

    /** Adds tasks to a list that is there. */
    public void tasks(String list, String user, int count) {
        SortedSet<String> lists = new TreeSet<>(Set.of(list));
        for (int made = 0; made < count; made += AT_ONCE) {
            int from = made;
            int some = Math.min(AT_ONCE, count - made);
            write(lists, draft -> {
                for (int i = 0; i < some; i++) {
                    Head head = draft.head(list).orElseThrow().withTask();
                    draft.put(head);
                    TaskFields defaults = TaskFields.defaults(list, ZoneOffset.UTC);
                    LedgerTask task = LedgerTask.created(
                            new TaskId(list, head.tasks()),
                            defaults.merge(fields(from + i), defaults),
                            user,
                            draft.at(list));
                    draft.change(list, ChangeType.TASK_CREATED, user, null, task);
                }
            });
        }
    }

    /**
     * Makes lists of a user who is not there yet.
     *
     * @param count 1,000 at most, as many as a user may have
     */
    public void lists(String user, int count) {
        User owner = User.fresh(user, ZoneOffset.UTC);
        for (int made = 0; made < count; ) {
            SortedSet<String> ids = new TreeSet<>();
            while (ids.size() < Math.min(AT_ONCE, count - made)) {
                ids.add(Ids.random());
            }
            User before = owner;
            for (String id : ids) {
                owner = owner.inbox() == null ? owner.withInbox(id) : owner.with(id);
            }
            User after = owner;
            write(ids, draft -> {
                for (String id : ids) {
                    boolean inbox = before.inbox() == null && id.equals(after.inbox());
                    draft.register(Head.fresh(id, inbox ? Head.INBOX : "bench", user, inbox));
                    draft.record(id, ChangeType.LIST_CREATED, user, new TreeMap<>());
                }
                draft.put(after);
            });
            made += ids.size();
        }
    }

    private void write(SortedSet<String> lists, Consumer<Draft> decision) {
        Map<String, Stored> read = new HashMap<>();
        long start = System.nanoTime();
        while (true) {
            try {
                if (read.isEmpty()) {
                    read.putAll(dapr.read(lists.stream().flatMap(BulkLoad::keys).toList()));
                }
                Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
                Draft draft = new Draft(Documents.of(read), now, lists);
                decision.accept(draft);
                dapr.commit(draft.transaction());
                return;
            } catch (Documents.Unseen lacking) {
                read.putAll(dapr.read(lacking.keys()));
            } catch (Unavailable e) {
                // The relay moves its marks of what was loaded before; whoever is second begins anew.
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw e;
                }
                read.clear();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
    }

    /** The keys that a draft reads of a list: read together, a load takes one call for them all. */
    private static Stream<String> keys(String list) {
        int shard = Keys.shard(list);
        return Stream.of(Keys.head(list), Keys.pending(shard), Keys.lists(shard));
    }

    private static ObjectNode fields(int n) {
        ObjectNode fields = Json.object();
        fields.put("title", WORDS.get(n % WORDS.size()) + " " + WORDS.get(n / WORDS.size() % WORDS.size()) + " " + n);
        fields.put(
                "description",
                "Number " + n + " of many, with a line or two to be searched through as people write them.");
        fields.put("priority", List.of("low", "medium", "high", "urgent").get(n % 4));
        fields.putArray("tags").add(WORDS.get(n * 7 % WORDS.size())).add("bench");
        if (n % 2 == 0) {
            fields.put("due", "2030-%02d-%02dT09:00:00".formatted(1 + n / 28 % 12, 1 + n % 28));
        }
        return fields;
    }
}
