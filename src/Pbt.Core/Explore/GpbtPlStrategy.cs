using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>GPBT-PL: the slower of a pair moves towards the faster one and goes on as it moved before.</summary>
/// <remarks>
/// h = h_slow + v, put in bounds, with v = w·r₁·v_old + c·r₂·(h_fast − h_slow) in the unit cube of the priors; h_slow is the
/// member's own, whatever it inherits; h_fast the donor's (without a donor that term is 0); v_old the last change of the member's own
/// hyperparameters that its history shows. Numbers come back by <see cref="Hyperparameter.FromUnit"/>. A categorical or bool
/// becomes the donor's if r₂ is at least ½. In the order of the spec, r₁ then r₂, one draw each, for every hyperparameter. Source:
/// "Generalized Population-Based Training with Pairwise Learning", the update formula; what becomes of categoricals is ours.
/// </remarks>
internal sealed class GpbtPlStrategy(GpbtPlExplore spec) : IExploreStrategy
{
    public Hyperparameters Explore(ExploreContext context)
    {
        var slow = context.Member.Hyperparameters;
        var fast = context.Donor is { } donor ? donor.Record.Hyperparameters : slow;
        var (before, after) = LastMove(context.Member);
        return context.Space.Build((index, definition) =>
        {
            var inertia = spec.Inertia * context.Random.NextDouble();
            var pull = context.Random.NextDouble();
            if (definition is CategoricalHyperparameter or BoolHyperparameter)
                return (pull >= 0.5 ? fast : slow)[index].Value;

            var position = definition.ToUnit(slow[index].Value);
            var move = (inertia * (definition.ToUnit(after[index].Value) - definition.ToUnit(before[index].Value))) +
                (spec.Attraction * pull * (definition.ToUnit(fast[index].Value) - position));
            return move == 0 && definition.Contains(slow[index].Value) ? slow[index].Value : definition.FromUnit(position + move);
        });
    }

    /// <summary>What the member's hyperparameters were before they last changed, and after.</summary>
    private static (Hyperparameters Before, Hyperparameters After) LastMove(MemberState member)
    {
        for (var i = member.History.Count - 1; i > 0; i--)
        {
            if (!member.History[i].Hyperparameters.Equals(member.History[i - 1].Hyperparameters))
                return (member.History[i - 1].Hyperparameters, member.History[i].Hyperparameters);
        }

        return (member.Hyperparameters, member.Hyperparameters);
    }
}
