using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pbt.Core.Tests")]
[assembly: InternalsVisibleTo("Pbt.Benchmarks")]
