package dev.sandglass.task;

import static dev.sandglass.support.Shape.Rule.FOURTH_PACKAGE;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.task")
                .but(
                        FOURTH_PACKAGE,
                        "http",
                        "the front door and the contract's gate, which decides before any route what comes in")
                .but(FOURTH_PACKAGE, "identity", "tokens and pseudonyms: to be split between domain and memory")
                .holds();
    }
}
