package dev.sandglass.task.domain;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Decisions;
import dev.sandglass.task.domain.finding.Onlooker;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.memory.CatchUp;
import dev.sandglass.task.memory.Shards;
import dev.sandglass.task.memory.Views;
import dev.sandglass.task.memory.Writes;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * The ledger over a store in memory, for tests that do thousands of things on thousands of ledgers: the steps of the routes {@code
 * decide}, {@code write}, {@code change-where-it-is}, {@code know-user} and {@code search-tasks}, without Camel.
 */
final class TestLedger {
    final Users users;
    private final MemoryDapr dapr;
    private final Views views = new Views(10_000_000);
    private final Writes writes;

    TestLedger(MemoryDapr dapr) {
        this(dapr, Clock.systemUTC(), ZoneOffset.UTC);
    }

    /** @param zone of users who have not said theirs */
    TestLedger(MemoryDapr dapr, Clock clock, ZoneId zone) {
        this.dapr = dapr;
        users = new Users(zone);
        writes = new Writes(new Shards(), Duration.ofSeconds(5), clock);
    }

    <T> T decide(Decision<T> decision) {
        return Decisions.decide(dapr, decision);
    }

    @SuppressWarnings("unchecked")
    <T> T write(Write<T> write) {
        Writes.Turn turn = writes.enter(write);
        try {
            while (writes.isOpen(turn)) {
                try {
                    Batch.Decided decided = decide(writes.next(turn));
                    views.written(decided);
                    writes.decided(turn, decided);
                } catch (RuntimeException e) {
                    writes.failed(turn, null, e);
                }
            }
        } finally {
            writes.leave(turn);
        }
        return (T) writes.answer(turn);
    }

    Answer change(OnTask onTask) {
        Answer answer = Answer.done();
        while (onTask.isOpen()) {
            answer = change(onTask, answer);
        }
        return answer;
    }

    /** A turn of the route. */
    Answer change(OnTask onTask, Answer before) {
        if (onTask.isLost()) {
            OnTask.found(onTask, decide(onTask.search()));
        }
        try {
            Answer answer = write(onTask.write());
            OnTask.answered(onTask);
            return answer;
        } catch (OnTask.Elsewhere e) {
            OnTask.elsewhere(onTask, e);
            return before;
        }
    }

    User know(Request request) {
        User user = decide(users.find(request));
        return user.inbox() == null ? write(users.giveInbox(user.user())) : user;
    }

    Page find(Request request, Map<String, String> query) {
        User user = know(request);
        FindTasks.Begun begun = decide(FindTasks.begin(request, user, FindTasks.parse(user, query)));
        search(begun.lists(), begun.search());
        return FindTasks.found(request, begun.search());
    }

    void search(List<Extent> lists, Onlooker search) {
        for (CatchUp behind : views.search(lists, search)) {
            views.begin(behind);
            try {
                while (behind.isOpen()) {
                    views.saw(behind, dapr.read(views.wanted(behind)));
                }
                views.show(behind);
            } finally {
                views.end(behind);
            }
        }
    }
}
