package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.NeedsMore;
import dev.sandglass.support.domain.Rejected;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionTest {
    private static final Rejection NO = new Rejection(Reason.CONFLICT, "no");

    @ParameterizedTest
    @CsvSource({
        "UNREADABLE, 400, Bad Request",
        "FORBIDDEN, 403, Forbidden",
        "NOT_FOUND, 404, Not Found",
        "CONFLICT, 409, Conflict",
        "GONE, 410, Gone",
        "STALE, 412, Precondition Failed",
        "INVALID, 422, Unprocessable Content",
        "TOO_MANY, 429, Too Many Requests",
        "NOT_NOW, 503, Service Unavailable"
    })
    void hasItsStatus(Reason reason, int status, String title) {
        Problem problem = Problem.of(new Rejection(reason, "why"));
        assertEquals(status, problem.status());
        assertEquals(title, problem.document().path("title").asText());
        assertEquals("why", problem.document().path("detail").asText());
    }

    @Test
    void namesTheFieldsThatAreWrong() {
        Problem problem = Problem.of(Rejection.wrong("/list", "there is no such list"));
        assertEquals(422, problem.status());
        assertEquals("/list", problem.document().at("/errors/0/pointer").asText());
    }

    @Test
    void isTheValueOfADecision() {
        Decision<String> decision = documents -> {
            if (documents.get("key").absent()) {
                throw NO;
            }
            return Accepted.unchanged("yes");
        };
        assertEquals(new NeedsMore<String>(Set.of("key")), decision.verdict(Documents.of(Map.of())));
        assertEquals(
                new Rejected<String>(NO), decision.verdict(Documents.of(Map.of("key", new Stored("key", null, null)))));
    }

    @Test
    void endsAnAttempt() {
        Attempt<String> attempt = new Attempt<>(
                documents -> {
                    throw NO;
                },
                Long.MAX_VALUE);
        assertEquals(true, attempt.decide().isEmpty());
        assertEquals(false, attempt.isOpen());
        assertSame(NO, assertThrows(Rejection.class, attempt::answer));
    }
}
