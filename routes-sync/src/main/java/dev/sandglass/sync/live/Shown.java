package dev.sandglass.sync.live;

import dev.sandglass.sync.domain.Frame;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** What the integrators' step made of changes, put in their place. */
@Singleton
@Named("shown")
public class Shown {
    /** A change as clients get to see it. */
    public Frame one(@ExchangeProperty("frame") Frame frame, @Body @Nullable String text) {
        return frame.shownAs(text);
    }

    /** Changes out of the ledger as clients get to see them. */
    public Past all(@ExchangeProperty("past") Past past, @Body List<Frame> shown) {
        return past.shownAs(shown);
    }
}
