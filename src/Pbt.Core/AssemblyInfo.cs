using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pbt.Core.Tests")]
