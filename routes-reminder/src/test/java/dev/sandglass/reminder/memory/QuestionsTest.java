package dev.sandglass.reminder.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("SC-008")
class QuestionsTest {
    private final Questions questions = new Questions();
    private final BlockingQueue<Questions.Turn> begun = new LinkedBlockingQueue<>();

    private Questions.Turn next() throws InterruptedException {
        return Objects.requireNonNull(begun.poll(2, TimeUnit.SECONDS), "a turn");
    }

    private void ask(String user) {
        Thread asks =
                new Thread(() -> begun.add(questions.begin("{\"user\":\"%s\",\"lists\":[]}".formatted(user))), user);
        asks.setDaemon(true);
        asks.start();
        while (asks.getState() == Thread.State.NEW || asks.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoAsksForMuchDoesNotKeepOthersWaiting() throws Exception {
        ask("mallory");
        ask("mallory");
        Questions.Turn first = next();
        next();
        ask("mallory");
        ask("mallory");
        ask("alice");
        questions.end(first);
        assertEquals("alice", next().user());
    }
}
