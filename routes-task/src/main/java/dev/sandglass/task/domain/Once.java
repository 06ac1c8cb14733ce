package dev.sandglass.task.domain;

import dev.sandglass.events.Chain;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request with an {@code Idempotency-Key}: what it did is kept, for a day, in the transaction that did it, and answered again.
 *
 * @param key where it is kept: of the user, the path and the client's key
 * @param request SHA-256 of the body
 */
public record Once(String key, String request) {
    /** @param idempotencyKey as the client sent it */
    public static Once of(String user, String path, String idempotencyKey, String body) {
        String whole = user + "\n" + path + "\n" + idempotencyKey;
        return new Once(Keys.once(user, Chain.sha256(whole)), Chain.sha256(body));
    }

    /** The same decision, made once. */
    public static Write<Answer> guard(@Nullable Once once, Write<Answer> write) {
        return once == null ? write : once.guard(write);
    }

    /** An answer that changes no list, given once. */
    public static Write<Answer> guard(@Nullable Once once, Answer answer) {
        return guard(once, Write.alone(Set.of(), draft -> answer));
    }

    /**
     * Looks for the first answer to a request that is repeated and would be answered otherwise by now.
     *
     * @return a decision that answers null where there is none, and refuses with INVALID where it came with another body
     */
    @SuppressWarnings("NullAway")
    public static Decision<Answer> answered(Request request) {
        Once once = request.once();
        return documents -> Accepted.unchanged(
                once == null ? null : once.answer(documents.get(once.key)).orElse(null));
    }

    /**
     * Most requests come once, and what is kept is written where nothing may be: so it is not read before a first try. What would be
     * refused is, for it may have been done before.
     */
    private Write<Answer> guard(Write<Answer> write) {
        return write.within(decision -> draft -> {
            Documents read = draft.read();
            Optional<Answer> before = draft.kept(key).map(this::again);
            if (before.isEmpty() && (read.again() || read.has(key))) {
                before = answer(read.get(key));
            }
            return before.orElseGet(() -> {
                Answer answer;
                try {
                    answer = decision.apply(draft);
                } catch (Documents.Unseen more) {
                    throw more;
                } catch (RuntimeException refusal) {
                    read.get(key);
                    throw refusal;
                }
                draft.keep(key, IdempotencyRecord.of(request, answer));
                return answer;
            });
        });
    }

    /** The first answer, where there is one. */
    Optional<Answer> answer(Stored stored) {
        return stored.absent() ? Optional.empty() : Optional.of(again(stored.as(IdempotencyRecord.class)));
    }

    private Answer again(IdempotencyRecord kept) {
        if (!kept.request().equals(request)) {
            throw new Rejection(Reason.INVALID, "This Idempotency-Key came with another body before");
        }
        return kept.answer();
    }
}
