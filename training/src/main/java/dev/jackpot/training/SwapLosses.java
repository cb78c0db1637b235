package dev.jackpot.training;

import java.util.List;

/** What swaps do to the loss of one mini-batch. Each call starts from the same masks. */
interface SwapLosses {
  /**
   * The loss after some swaps, in nats.
   *
   * @param swaps no weight is in two of them; none: the loss as it is
   */
  double after(List<KernelSwap> swaps);

  /**
   * D1 = Σ_R g w − Σ_D g w over the revived weights R and the removed ones D, with g = ∂L/∂ŵ at the
   * masks as they are: the change of the loss to first order.
   */
  double predicted(KernelSwap swap);
}
