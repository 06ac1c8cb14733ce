package dev.sandglass.task;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.task").holds();
    }
}
