package dev.sandglass.task.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.domain.UserQuestion;
import dev.sandglass.support.memory.FairLookup;
import dev.sandglass.support.memory.Patience;
import dev.sandglass.support.memory.ReadTurns;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.User;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Turns at reading the heads of many lists: memory has room for so many at once, however many ask. */
@Singleton
@Named("headReads")
public class HeadReads {
    private static final int KEYS_AT_ONCE = 2 * Head.AT_ONCE;
    /** An answer is made in much less. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(1_900);

    private final ReadTurns keys = new ReadTurns(KEYS_AT_ONCE);
    private final ReadTurns answers = new ReadTurns(User.MOST_LISTS);

    /**
     * The question, so that each portion it reads waits for its turn: a user's, or a service's where no user asks.
     *
     * @param heads those that were read along with the user
     */
    public FairLookup<?> question(
            @Body Decision<?> question,
            @ExchangeProperty("request") @Nullable Request request,
            @ExchangeProperty("heads") @Nullable Map<String, Stored> heads) {
        return request == null
                ? FairLookup.ofService(question, keys)
                : new FairLookup<>(
                        UserQuestion.by(request.user(), question, Objects.requireNonNullElse(heads, Map.of())), keys);
    }

    public void asked(@ExchangeProperty("lookup") FairLookup<?> lookup) {
        lookup.end();
    }

    /** Waits until there is room for an answer with all lists of a user, each as text with its members. */
    public void beginAnswer(@ExchangeProperty("user") User user) {
        answers.enter(
                user.user(),
                user.lists().size(),
                new Patience(LONGEST_WAIT, Reason.TOO_MANY, "Too many lists are looked through at once; try again"));
    }

    public void endAnswer(@ExchangeProperty("user") User user) {
        answers.leave(user.user(), user.lists().size(), 0);
    }
}
