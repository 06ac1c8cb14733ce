package dev.sandglass.reminder;

import static dev.sandglass.support.Shape.Rule.DOMAIN_IS_NOT_PURE;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.reminder")
                .but(
                        DOMAIN_IS_NOT_PURE,
                        "domain.FindReminders",
                        "says no with a problem document: a decision cannot be rejected as a value yet")
                .holds();
    }
}
