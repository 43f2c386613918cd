package sluice.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.NamedTypes;
import sluice.data.Require;

/** A configuration that has one of everything that a configuration can have. */
record Kitchen(
    String name,
    long seed,
    Oven oven,
    @Nullable Timer timer,
    List<Dish> dishes,
    List<Tool> tools,
    Heat heat,
    Map<String, String> options,
    Map<String, Double> prices) {

  static final TypeRegistry FAMILIES =
      TypeRegistry.none()
          .with(
              "tool",
              NamedTypes.of(Tool.class).with("knife", Knife.class).with("whisk", Whisk.class))
          .with(
              "heat",
              NamedTypes.of(Heat.class).with("gas", Gas.class).with("induction", Induction.class),
              "gas");

  static final String REFERENCE =
      """
      # The name of the kitchen.
      name = null
      # The seed.
      seed = 42
      # The oven.
      oven {
        # Its degrees.
        degrees = 180
        # The share of humidity.
        humidity = 0.5
        # How air moves.
        air = top-and-bottom
        # Whether there is light.
        light = true
        # The trays.
        trays = [1, 2]
        # Its maker; optional.
        maker = null
      }
      # The timer; optional.
      timer = null
      # The dishes.
      dishes = []
      # The tools.
      tools = []
      # The source of heat.
      heat = gas
      # Free-form.
      options { shelf = left }
      # The prices.
      prices {}
      within {
        timer {
          # Its minutes.
          minutes = null
          # Whether it rings.
          rings = true
        }
        dishes {
          # The dish's name.
          name = null
          # How many eat.
          portions = 2
          # The tools it takes.
          tools = []
        }
      }
      types {
        tool {
          # Cuts.
          knife {
            # Its centimetres.
            length = 12.5
          }
          # Beats.
          whisk {
            # Its speed.
            speed = auto
          }
        }
        heat {
          # Burns.
          gas {
            # Its bar.
            pressure = 1
          }
          # Does not.
          induction {
            # Its watts.
            watts = null
          }
        }
      }
      """;

  Kitchen {
    dishes = List.copyOf(dishes);
    tools = List.copyOf(tools);
    options = Map.copyOf(options);
    prices = Map.copyOf(prices);
    Require require = new Require();
    for (Map.Entry<String, Double> price : prices.entrySet()) {
      require.atLeast("prices." + price.getKey(), price.getValue(), 0);
    }
    require.hold();
  }

  enum Air {
    FAN,
    TOP_AND_BOTTOM
  }

  record Oven(
      int degrees,
      double humidity,
      Air air,
      boolean light,
      List<Integer> trays,
      @Nullable String maker) {
    Oven {
      trays = List.copyOf(trays);
      new Require()
          .atLeast("degrees", degrees, 1)
          .within("humidity", humidity, 0, 1)
          .that(
              degrees <= 200 || humidity < 0.9,
              "degrees and humidity must not both be high, got " + degrees + " and " + humidity)
          .that(!trays.contains(0), "trays[" + trays.indexOf(0) + "] must not be 0")
          .that(degrees != 13, "thirteen brings bad luck")
          .hold();
    }
  }

  record Timer(int minutes, boolean rings) {}

  record Dish(String name, @Nullable Integer portions, List<Tool> tools) {}

  sealed interface Tool permits Knife, Whisk {}

  record Knife(double length) implements Tool {
    Knife {
      new Require().above("length", length, 0).hold();
    }
  }

  record Whisk(@Auto @Nullable Integer speed) implements Tool {}

  sealed interface Heat permits Gas, Induction {}

  record Gas(double pressure) implements Heat {}

  record Induction(long watts) implements Heat {}
}
