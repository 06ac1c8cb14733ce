package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class AskTest {
    @Test
    void whatThereWasNoTimeToVerifyIsNeitherWholeNorWrong() {
        Rejection why = assertThrows(
                Rejection.class,
                () -> Ask.verified("{\"complete\":false,\"entries\":61000,\"seq\":95000,\"hash\":\"x\"}"));
        assertEquals(Reason.NOT_NOW, why.reason());
        assertEquals(
                "61000 of 95000 changes are verified, which takes longer than there is time for an answer; ask again"
                        + " within a minute, and it goes on there",
                why.getMessage());
        for (String verdict : List.of(
                "{\"complete\":true,\"entries\":1,\"seq\":1,\"hash\":\"x\"}",
                "{\"complete\":false,\"entries\":0,\"seq\":1,\"hash\":\"x\",\"first\":{\"seq\":1,\"why\":\"missing\"}}")) {
            assertEquals(verdict, Ask.verified(verdict));
        }
    }
}
