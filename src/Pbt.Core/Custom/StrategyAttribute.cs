namespace Pbt.Core.Custom;

/// <summary>Names an exploit or explore strategy, so that it is found when its assembly is loaded.</summary>
/// <remarks>
/// The class implements <see cref="Exploit.IExploitStrategy"/> or <see cref="Explore.IExploreStrategy"/>, or both, and has a public
/// constructor that takes <see cref="StrategySettings"/>, or nothing.
/// </remarks>
/// <param name="name">What <c>name</c> in the spec says.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StrategyAttribute(string name) : Attribute
{
    /// <summary>What <c>name</c> in the spec says.</summary>
    public string Name { get; } = name;
}
