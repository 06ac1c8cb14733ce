package dev.sandglass.reminder;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.reminder").holds();
    }
}
