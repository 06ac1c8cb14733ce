package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.time.Instant;
import java.util.Set;

/**
 * Keeps an event that could not be handled as a dead letter. If it is a letter already, it has failed again.
 *
 * @param source the topic it came from, or the id of the route that could not handle it
 * @param path the path on which this service takes it again, without a leading slash
 * @param event the CloudEvent as it came
 * @param why the reason, for operators
 * @param tries the number of failures just now
 * @param at the time, to the millisecond
 */
public record ParkEvent(String source, String path, String event, String why, int tries, Instant at)
        implements Decision<Letter> {

    @Override
    public Set<String> keys() {
        return Set.of(Letter.index(source, event));
    }

    @Override
    public Accepted<Letter> on(Documents documents) {
        Stored index = documents.get(Letter.index(source, event));
        if (!index.absent()) {
            Stored known = documents.get(Letter.key(index.as(Letter.Index.class).n()));
            if (!known.absent()) {
                Letter again = known.as(Letter.class).failedAgain(why, at, tries);
                return new Accepted<>(new Transaction().replace(known, again), again, known.key());
            }
        }
        Stored head = documents.get(Letter.Head.KEY);
        Letter.Head letters = Letter.Head.of(head);
        Letter first = letter(letters.next());
        return new Accepted<>(
                new Transaction()
                        .replace(head, letters.with(source))
                        .create(Letter.key(first.n()), first)
                        .replace(index, new Letter.Index(1, first.n())),
                first,
                Letter.key(first.n()));
    }

    private Letter letter(long n) {
        JsonNode envelope = Json.orNone(event);
        String id = envelope.path("id").textValue();
        String type = envelope.path("type").textValue();
        return new Letter(1, n, source, path, event, id, type, why, at, at, tries);
    }
}
