using System.Security.Cryptography;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Programs;

/// <summary>An explore strategy whose answers a user's program gives.</summary>
/// <remarks>What the program is handed and how its answer is read is pure; who runs it is the caller's affair.</remarks>
public interface IProgramStrategy : IExploreStrategy
{
    /// <summary>The program.</summary>
    CommandExplore Spec { get; }

    /// <summary>What the program is handed.</summary>
    ExploreRequest Request(ExploreContext context);

    /// <summary>Reads what it answers.</summary>
    /// <param name="context">What it was asked on.</param>
    /// <param name="answer">A JSON object of hyperparameters.</param>
    ExploreAnswer Read(ExploreContext context, string answer);
}

/// <summary>What a user's explore program is handed: a JSON object (docs/strategies.md).</summary>
/// <param name="Json">The object, as UTF-8.</param>
public sealed record ExploreRequest(ReadOnlyMemory<byte> Json)
{
    /// <summary>The SHA-256 of the bytes, in hexadecimal: what the log keeps of them.</summary>
    public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Json.Span));
}

/// <summary>A program's answer as it was understood: exactly one of the two is set.</summary>
/// <param name="Hyperparameters">New hyperparameters, in the search space.</param>
/// <param name="Objection">What is wrong with the answer, as a clause that follows the program's name.</param>
public sealed record ExploreAnswer(Hyperparameters? Hyperparameters, string? Objection);
