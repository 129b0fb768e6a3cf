using System.Collections.Frozen;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Rules;

/// <summary>Moves each hyperparameter by a rule, on its own; single ones by rules of their own.</summary>
/// <remarks>
/// Frozen are the draws of each hyperparameter, in the order of the spec: if its probability is below 1, one that says
/// whether it moves; if it may be reset and is not at its default, one that says whether it is; but for neighbour and discount
/// without a resample probability, one that says whether it is drawn anew; then one that gives the new value, or those of the rule.
/// </remarks>
internal sealed class RuleStrategy : IExploreStrategy
{
    private readonly Movement _movement;
    private readonly FrozenDictionary<string, Movement> _overrides;

    public RuleStrategy(RuleExplore spec)
    {
        _movement = new(spec);
        _overrides = spec.Overrides.ToFrozenDictionary(static o => o.Key, static o => new Movement(o.Value), StringComparer.Ordinal);
    }

    public Hyperparameters Explore(ExploreContext context) => context.Space.Build((index, definition) =>
        (_overrides.TryGetValue(definition.Name, out var own) ? own : _movement).Move(definition, context.From[index].Value, context.Random));
}
