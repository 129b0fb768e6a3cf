import { readReport } from './data/source';
import { takeToken } from './data/token';
import { Shell, showError } from './shell';
import './style.css';

const root = document.getElementById('page') as HTMLElement;
takeToken();
addEventListener('hashchange', takeToken);
try {
  new Shell(root, await readReport());
} catch (error) {
  showError(root, error);
}
