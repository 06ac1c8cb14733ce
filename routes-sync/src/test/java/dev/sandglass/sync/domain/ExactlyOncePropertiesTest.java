package dev.sandglass.sync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever order things happen in, a client sees a list's changes one after the other, none twice and none left out. */
@Tag("FR-005")
@Tag("FR-014")
@Tag("SC-008")
class ExactlyOncePropertiesTest {
    private static final int PAGE = 3;

    /** The ledger, the feed, and a client who checks what it is sent. */
    private static final class World {
        long ledger = 2;
        Feed feed = Feed.of(Frames.list(2, "alice", "bob"));
        final Session session = new Session("bob");
        final Deque<Step.Ask> asked = new ArrayDeque<>();
        /** The number the client has seen; -1 before {@code ready}. */
        long seen = -1;

        void hear(long seq) {
            Frame heard = Frames.change(seq);
            feed = feed.with(List.of(heard));
        }

        void fetchAfter(long after) {
            feed = feed.with(page(after));
        }

        List<Frame> page(long after) {
            return Frames.changes(after + 1, Math.min(ledger, after + PAGE));
        }

        void pump() {
            for (Step step = session.next(feed); step != null; step = session.next(feed)) {
                if (step instanceof Step.Ask ask) {
                    asked.add(ask);
                } else if (step instanceof Step.Send send) {
                    JsonNode frame = Json.read(send.text(), JsonNode.class);
                    assertEquals("change", frame.path("type").asText());
                    assertEquals(seen + 1, frame.path("seq").asLong());
                    seen++;
                }
            }
        }

        void answer(boolean twice) {
            Step.Ask ask = asked.poll();
            if (ask != null) {
                session.answered(ask.list(), ask.after(), page(ask.after()), ledger);
                if (twice) {
                    pump();
                    session.answered(ask.list(), ask.after(), page(ask.after()), ledger);
                }
            }
        }

        void act(int what, int with) {
            switch (what) {
                case 0 -> ledger += 1 + with % 4;
                case 1 -> hear(1 + with % ledger);
                case 2 -> hear(feed.head() < ledger ? feed.head() + 1 : ledger);
                case 3 -> fetchAfter(Math.max(0, feed.head() - with % 3));
                case 4 -> fetchAfter(with % (int) ledger);
                case 5 -> feed = feed.trimmed(with % 4);
                case 6 -> {
                    if (seen < 0) {
                        session.ready(Map.of("l", ledger));
                        seen = ledger;
                    }
                }
                case 7 -> {
                    if (seen >= 0) {
                        seen = with % (ledger + 1);
                        session.resume(Map.of("l", seen));
                    }
                }
                case 8 -> session.live();
                case 9 -> answer(with % 2 == 0);
                case 10 -> {
                    Step.Ask ask = asked.poll();
                    if (ask != null) {
                        session.unanswered(ask.list(), ask.after());
                    }
                }
                default -> pump();
            }
        }

        void settle() {
            if (seen < 0) {
                session.ready(Map.of("l", ledger));
                seen = ledger;
            }
            session.live();
            while (feed.head() < ledger) {
                fetchAfter(feed.head());
            }
            List<Step.Ask> all = new ArrayList<>(asked);
            do {
                pump();
                all = new ArrayList<>(asked);
                while (!asked.isEmpty()) {
                    answer(false);
                }
            } while (!all.isEmpty());
        }
    }

    @Property(tries = 5_000)
    void seesEveryChangeOnceInOrder(
            @ForAll @Size(max = 80) List<@IntRange(max = 12) Integer> actions,
            @ForAll @Size(80) List<@IntRange(max = 1_000) Integer> with) {
        World world = new World();
        for (int i = 0; i < actions.size(); i++) {
            world.act(actions.get(i), with.get(i));
        }
        world.settle();
        assertEquals(world.ledger, world.seen);
    }
}
