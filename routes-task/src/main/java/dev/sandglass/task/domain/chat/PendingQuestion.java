package dev.sandglass.task.domain.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question that waits for its answer, as it is kept (JSON) for the conversation.
 *
 * @param about the sentence that lacks something, to be read together with the answer; null where nothing can be added
 * @param choices the answers offered, in the order shown
 */
public record PendingQuestion(@Nullable String about, List<Choice> choices) {
    public PendingQuestion {
        choices = List.copyOf(choices);
    }
}
