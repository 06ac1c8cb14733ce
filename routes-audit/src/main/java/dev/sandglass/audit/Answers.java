package dev.sandglass.audit;

import dev.sandglass.audit.domain.Entry;
import dev.sandglass.audit.domain.Kept;
import dev.sandglass.audit.domain.Page;
import dev.sandglass.audit.domain.Place;
import dev.sandglass.audit.domain.Question;
import dev.sandglass.audit.domain.Reading;
import dev.sandglass.audit.domain.Verification;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.jboss.logging.Logger;

/** What <em>task</em> asks of the audit; it has checked who may see what. */
@Singleton
@Named("answers")
public class Answers {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int ENTRIES_AT_ONCE = 256;
    /** Somebody waits for the answer; what is further behind, the timer fetches. */
    private static final int CAUGHT_UP_WITH = 1_000;

    private final Journal journal;

    Answers(Journal journal) {
        this.journal = journal;
    }

    /** Whose history. */
    record Asked(String task) {}

    /** Which list, up to which number, and the ledger's hash of the change of that number. */
    record Head(String list, long seq, String hash) {}

    /** Some lists. */
    record Lists(List<String> lists) {}

    /** Oldest first. */
    public record History(List<Entry> entries) {}

    /** @param request {@code {"task"}} */
    public History history(@Body String request) {
        return new History(journal.history(Json.read(request, Asked.class).task));
    }

    /**
     * @param request a {@link Question}
     * @throws Problem 422 for a limit or a cursor that is none
     */
    public Page entries(@Body String request) {
        Question question = Json.read(request, Question.class);
        try {
            return Page.of(question, question.task() == null ? ofLists(question) : ofTask(question, question.task()));
        } catch (IllegalArgumentException e) {
            throw new Problem(422, Objects.requireNonNullElse(e.getMessage(), "cannot be asked"));
        }
    }

    /** @param request {@code {"list","seq","hash"}}; @return the answer of {@code /api/audit/verify} */
    public Verification.Verdict verify(@Body String request) {
        Head head = Json.read(request, Head.class);
        try {
            long from = journal.followed(List.of(head.list)).getOrDefault(head.list, 0L);
            journal.catchUpWith(head.list, Math.min(head.seq, from + CAUGHT_UP_WITH));
        } catch (Unavailable | Refused e) {
            // What is there can be verified all the same; what is not is "not yet".
            LOG.infof("list %s is verified as it is: %s", head.list, e.getMessage());
        }
        long followed = journal.followed(List.of(head.list)).getOrDefault(head.list, 0L);
        Verification verification = new Verification(head.list, head.seq, head.hash, followed);
        for (long from = 1; from <= head.seq; from += ENTRIES_AT_ONCE) {
            List<Place> places = LongStream.rangeClosed(from, Math.min(head.seq, from + ENTRIES_AT_ONCE - 1))
                    .mapToObj(seq -> new Place(head.list, seq))
                    .toList();
            Map<Place, Kept> kept = from > followed ? Map.of() : journal.read(places);
            places.forEach(place -> verification.next(place.seq(), kept.get(place)));
        }
        return verification.verdict();
    }

    /**
     * How far lists are kept.
     *
     * @param request {@code {"lists":[…]}}
     * @return list to number
     */
    public Map<String, Long> followed(@Body String request) {
        return journal.followed(Json.read(request, Lists.class).lists);
    }

    /** Answers 503 in the place of what could not be redacted. */
    public void withhold(Exchange exchange) {
        ProblemDocuments.answer(exchange, new Problem(503, "The entries cannot be redacted now"));
    }

    private Iterator<Entry> ofLists(Question question) {
        return new Reading(journal::entriesAt, question, journal.followed(question.lists()));
    }

    /** A task's entries are few, and known by its history. */
    private Iterator<Entry> ofTask(Question question, String task) {
        Set<String> lists = new HashSet<>(question.lists());
        return journal.history(task).stream()
                .filter(entry -> lists.contains(entry.list()) && !question.seen(entry))
                .sorted(Comparator.comparing(Entry::position))
                .iterator();
    }
}
