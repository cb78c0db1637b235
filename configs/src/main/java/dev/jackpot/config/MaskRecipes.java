package dev.jackpot.config;

import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Search;

/** The mask recipes that stand in other messages field by field. */
public final class MaskRecipes {
  private MaskRecipes() {}

  /** What the search's first mask is made by; what is not given there is not given here. */
  public static MaskRecipe of(Search search) {
    MaskRecipe.Builder recipe = MaskRecipe.newBuilder();
    recipe
        .getDescriptorForType()
        .getFields()
        .forEach(
            field -> {
              var given = search.getDescriptorForType().findFieldByNumber(field.getNumber());
              if (search.hasField(given)) {
                recipe.setField(field, search.getField(given));
              }
            });
    return recipe.build();
  }
}
