package dev.sandglass.reminder;

import static dev.sandglass.support.Shape.Rule.CALLS_DAPR;
import static dev.sandglass.support.Shape.Rule.FOURTH_PACKAGE;
import static dev.sandglass.support.Shape.Rule.SENDS_TO_ROUTES;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.reminder")
                .but(CALLS_DAPR, "ledger.Answers", "reads what was fired for whoever asks: a bean, no route yet")
                .but(
                        CALLS_DAPR,
                        "ledger.Calendar",
                        "writes additions together: is to be a route that begins with memory:")
                .but(CALLS_DAPR, "ledger.Claims", "claims and records in one bean: is to be direct:decide")
                .but(CALLS_DAPR, "ledger.ListIndex", "reads a list's tasks: is to be a step of the answers' routes")
                .but(CALLS_DAPR, "ledger.Planner", "follows tasks by itself: is to be direct:follow")
                .but(CALLS_DAPR, "ledger.RemindersTopic", "publishes: is to be the Kamelet in the route of delivery")
                .but(CALLS_DAPR, "ledger.Sweep", "reads what is due: is to be a step of the sweep's route")
                .but(
                        SENDS_TO_ROUTES,
                        "ledger.Bell",
                        "hands over what is due: is to be a backlog that a route begins with")
                .but(
                        FOURTH_PACKAGE,
                        "ledger",
                        "to be split between domain and memory as its calls of Dapr become routes")
                .holds();
    }
}
