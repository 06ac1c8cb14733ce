package dev.sandglass.support.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Follow;
import dev.sandglass.support.domain.Follow.Missing;
import dev.sandglass.support.domain.Heard;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Lists being followed: the steps of {@code direct:ledger.follow} between its calls of Dapr. They are static, also those that only look:
 * of a class with annotated parameters Camel keeps each object that the simple language calls, up to a thousand.
 */
public final class Following {
    /** The most lists at once: about 500 kB of changes of each are fetched and held. */
    private static final int LISTS_AT_ONCE = 4;

    /** The ledger has no such list, or keeps its changes no longer. */
    private static final Set<Integer> GONE = Set.of(404, 410);

    private final Heard<?> heard;
    private final List<Object> answers = new ArrayList<>();
    private boolean goesOn = true;

    private Following(Heard<?> heard) {
        this.heard = heard;
    }

    public static Following begin(@Body Heard<?> heard) {
        return new Following(heard);
    }

    public static boolean goesOn(@ExchangeProperty("following") Following following) {
        return following.goesOn;
    }

    /** The next transaction, to be decided. */
    public static Follow<?> next(@ExchangeProperty("following") Following following) {
        return new Follow<>(following.heard);
    }

    /** @return the changes to fetch before lists go on */
    public static List<Missing> did(@ExchangeProperty("following") Following following, @Body Follow.Step<?> step) {
        following.goesOn = step.more() || step.missing().size() > LISTS_AT_ONCE;
        step.reached().forEach(following.heard::done);
        following.tell(step.answer());
        return step.missing().stream().limit(LISTS_AT_ONCE).toList();
    }

    /**
     * Takes changes of a list as <em>task</em> has them. A list without its next change there is dropped: it is not in the ledger.
     *
     * @param answer {@code {"changes":[…]}}
     */
    public static void fetched(
            @ExchangeProperty("following") Following following,
            @ExchangeProperty("missing") Missing missing,
            @Body String answer) {
        JsonNode changes = Json.read(answer, JsonNode.class).path("changes");
        if (changes.path(0).path("seq").asLong() == missing.after() + 1) {
            changes.forEach(following.heard::with);
            following.goesOn = true;
        } else {
            drop(following, missing);
        }
    }

    /**
     * Drops a list if <em>task</em> does not have its next change.
     *
     * @throws Unavailable where <em>task</em> may have it
     */
    public static void refused(
            @ExchangeProperty("following") Following following,
            @ExchangeProperty("missing") Missing missing,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Refused no) {
        if (!GONE.contains(no.status())) {
            throw new Unavailable("task", no);
        }
        drop(following, missing);
    }

    private static void drop(Following following, Missing missing) {
        following.heard.without(missing.list());
        following.tell(following.heard.effects().unknown(missing.list(), missing.after()));
    }

    private void tell(@Nullable Object answer) {
        if (answer != null) {
            answers.add(answer);
        }
    }

    /** The reports on all the work. */
    public static List<Object> answers(@ExchangeProperty("following") Following following) {
        return following.answers;
    }
}
