package dev.sandglass.task;

import static dev.sandglass.support.Shape.Rule.MEMORY_IS_NOT_PURE;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.task")
                .but(
                        MEMORY_IS_NOT_PURE,
                        "memory.Writes",
                        "notes the trace of each write, which goes on on another thread")
                .holds();
    }
}
